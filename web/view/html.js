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
let heard = 0; // events of the stream in this task
let waiting = null;

turn.port1.onmessage = () => {
  const draw = waiting;
  waiting = null;
  heard = 0;
  draw?.();
};

/** What is shown follows at once. But an EventSource hands over all events of one read in one task: from the second on they are drawn in the next one. */
options.debounceRendering = (draw) => {
  if (heard > 1) waiting = draw;
  else queueMicrotask(draw);
};

export class CountedEventSource extends globalThis.EventSource {
  addEventListener(type, listener) {
    super.addEventListener(type, (event) => {
      heard += 1;
      if (heard === 1) turn.port2.postMessage(null);
      listener(event);
    });
  }
}
