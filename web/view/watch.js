// What the page notices of its surroundings: coming to the front, the network, whether its reader is active.
import { useEffect } from 'preact/hooks';

const IDLE_AFTER_MS = 5 * 60_000;
const LOOK_EVERY_MS = 30_000;
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

function watchActivity(world) {
  let state = 'active';
  let seenAt = Date.now();
  const tell = (next) => {
    if (state === next) return;
    state = next;
    world.api.post('/me/activity', { state }).catch(() => {});
  };
  const sign = () => { seenAt = Date.now(); tell('active'); };
  const timer = setInterval(() => { if (Date.now() - seenAt > IDLE_AFTER_MS) tell('idle'); }, LOOK_EVERY_MS);
  for (const name of SIGNS) addEventListener(name, sign, { passive: true });
  return () => {
    clearInterval(timer);
    for (const name of SIGNS) removeEventListener(name, sign);
  };
}
