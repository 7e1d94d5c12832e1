// Preact without a build step: tagged templates instead of JSX, and what every component needs.
import { Component, createContext, h, options } from 'preact';
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

const turn = new globalThis.MessageChannel();
let waiting = null;
let drawn = false;

/** Drawing follows at once what it shows, but once a task: a bunch of events, of which each changes something, is drawn in two. */
options.debounceRendering = (draw) => {
  if (drawn) waiting = draw;
  else drawInTurn(draw);
};

function drawInTurn(draw) {
  drawn = true;
  turn.port2.postMessage(null);
  queueMicrotask(draw);
}

turn.port1.onmessage = () => {
  const draw = waiting;
  waiting = null;
  drawn = false;
  if (draw) drawInTurn(draw);
};
