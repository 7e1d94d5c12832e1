// What the page notices of its surroundings: coming to the front, the network, whether its reader is active.
import { useEffect } from 'preact/hooks';

const IDLE_AFTER_MS = 5 * 60_000;
const LOOK_EVERY_MS = 30_000;
const SIGN_EVERY_MS = 1_000;
const ACTIVITY = 'activity';
const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchstart'];

export function useWatch(world) {
  useEffect(() => watchNetwork(world), [world]);
  useEffect(() => watchActivity(world), [world]);
  const ready = world.ready.value;
  useEffect(() => { if (ready) whenIdle(async () => (await import('./background.js')).accompany(world)); }, [ready]);
}

/** Later than everything that somebody waits for; and when it fails, nobody has waited. */
function whenIdle(run) {
  const calmly = () => run().catch(() => {});
  if (globalThis.requestIdleCallback) requestIdleCallback(calmly);
  else setTimeout(calmly);
}

function watchNetwork(world) {
  const back = () => { world.tryNow(); world.retryAll(); };
  const look = () => { if (document.visibilityState === 'visible') world.stream.check(); else world.reading.tell(); };
  addEventListener('online', back);
  addEventListener('pageshow', look);
  document.addEventListener('visibilitychange', look);
  document.addEventListener('resume', look);
  return () => {
    removeEventListener('online', back);
    removeEventListener('pageshow', look);
    document.removeEventListener('visibilitychange', look);
    document.removeEventListener('resume', look);
  };
}

/** To the server all pages of a browser are one session: when somebody was there last, and what it was told, each knows of the others. */
function watchActivity(world) {
  let known = { state: 'active', seenAt: 0 };
  const look = () => world.storage.read(ACTIVITY) ?? known;
  const note = (how) => {
    const before = look();
    known = { ...before, ...how };
    world.storage.write(ACTIVITY, known);
    if (known.state !== before.state) world.api.post('/me/activity', { state: known.state }).catch(() => {});
  };
  const sign = () => { if (Date.now() - known.seenAt > SIGN_EVERY_MS) note({ state: 'active', seenAt: Date.now() }); };
  const timer = setInterval(() => { if (Date.now() - look().seenAt > IDLE_AFTER_MS) note({ state: 'idle' }); }, LOOK_EVERY_MS);
  sign();
  for (const name of SIGNS) addEventListener(name, sign, { passive: true });
  return () => {
    clearInterval(timer);
    for (const name of SIGNS) removeEventListener(name, sign);
  };
}
