// Preact without a build step: tagged templates instead of JSX, and what every component needs.
import { Component, createContext, h } from 'preact';
import { useContext } from 'preact/hooks';
import htm from 'htm';

export const html = htm.bind(h);

const WorldContext = createContext(null);
export const WorldProvider = WorldContext.Provider;
/** The world of the signed-in account. */
export const useWorld = () => useContext(WorldContext);

/** Draws again only when a property is another one, or a signal that was read has changed. */
export const memo = (render) => class extends Component {
  shouldComponentUpdate(next) {
    for (const name in next) if (this.props[name] !== next[name]) return true;
    for (const name in this.props) if (!(name in next)) return true;
    return false;
  }

  render(props) {
    return html`<${render} ...${props} />`;
  }
};

export const classes = (...names) => names.filter(Boolean).join(' ');
