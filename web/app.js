// Starts the page: the model with what the browser offers, and the view in its place.
import { render } from 'preact';
import { Api } from './lib/api.js';
import { words } from './lib/words.js';
import { Session } from './model/session.js';
import { App } from './view/app.js';
import { CountedEventSource, html } from './view/html.js';
import { route } from './view/location.js';

const session = new Session({
  api: new Api(),
  area: globalThis.localStorage,
  indexedDB: globalThis.indexedDB,
  forget: () => globalThis.caches?.delete('parley-shared'), // see view/shared.js
  EventSource: CountedEventSource,
  WebSocket: globalThis.WebSocket,
  XMLHttpRequest: globalThis.XMLHttpRequest,
  URL: globalThis.URL,
  fetch: (...args) => fetch(...args),
  locks: navigator.locks,
  BroadcastChannel: globalThis.BroadcastChannel,
  reload: () => location.reload(),
  early: globalThis.early,
  address: () => route.peek(),
});

document.documentElement.lang = words.language;
render(html`<${App} session=${session} />`, document.getElementById('page'));
