// The connection in words: nothing while all is well, a quiet hint at once, a clear banner after some seconds.
// The countdown ticks outside of the status, or a screen reader would speak every second.
import { useEffect, useRef, useState } from 'preact/hooks';
import { words } from '../lib/words.js';
import { classes, html, useWorld } from './html.js';

const CLEAR_AFTER_MS = 5_000;
const TICK_MS = 500;

export function Status() {
  const world = useWorld();
  const { phase, since, retryAt } = world.stream.state.value;
  const online = useOnline() && !world.offline.value;
  const lost = phase === 'lost' || !online;
  const now = useTick(lost);
  const lostAt = useLostAt(lost, phase === 'lost' ? since : Date.now());
  const clear = lost && now - lostAt >= CLEAR_AFTER_MS;
  const seconds = Math.max(0, Math.ceil((retryAt - now) / 1000));
  return html`
    <div class=${classes('connection', lost && 'connection-lost', clear && 'connection-clear')}>
      <div role="status">${lost ? (online ? words.reconnecting : words.offlineStatus) : ''}</div>
      ${clear && html`
        ${retryAt && online && html`<span class="countdown" aria-hidden="true">${words.retryIn(seconds)}</span>`}
        <button class="button button-small" onClick=${() => world.tryNow()}>${words.retryNow}</button>`}
    </div>`;
}

function useOnline() {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    addEventListener('online', look);
    addEventListener('offline', look);
    return () => { removeEventListener('online', look); removeEventListener('offline', look); };
  }, []);
  return online;
}

/** When it was lost: by the stream's own word, or when the browser said that there is no network. */
function useLostAt(lost, since) {
  const at = useRef(null);
  if (!lost) at.current = null;
  else at.current ??= since;
  return at.current;
}

function useTick(running) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!running) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [running]);
  return running ? Math.max(now, Date.now() - TICK_MS) : now;
}
