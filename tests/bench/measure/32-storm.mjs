import { until } from '../server.mjs';
import { all, atMost, both } from '../targets.mjs';

export const title = 'A storm: 10,000 streams come back at once, by Last-Event-ID, after the hub was restarted';

const STREAMS = 10_000;
const RATE = 10; // so who is back knows it within 100 ms
const SECONDS = 10;

/** Posts all the time; ends the hub in the midst of it. Every reader must get every message, once. */
async function storm(bench, parley, signal) {
  const { result } = await parley.listen({ connections: STREAMS, seconds: SECONDS + 15, expect: RATE * SECONDS, comesBack: true });
  const posting = parley.post({ connections: 8, seconds: SECONDS, rate: RATE });
  const started = Number(process.hrtime.bigint() / 1000n);
  await until('a third of it is posted', () => Number(process.hrtime.bigint() / 1000n) - started > SECONDS * 1e6 / 3, 60_000);
  const endedAt = Number(process.hrtime.bigint() / 1000n);
  bench.kill(/^\S*parley-stream$/, signal);
  await posting;
  const got = await result;
  return { ...got, seconds: (got.last_back_us - endedAt) / 1e6 };
}

function* rows(how, got) {
  yield { what: `${how}: from the signal until the last one is live again, s`, figure: got.seconds.toFixed(2), ...atMost(got.seconds, 3) };
  yield { what: `${how}: half of them are back after, ms`, figure: got.back_p50_ms };
  yield { what: `${how}: came back`, figure: got.came_back, ...all(got.came_back, STREAMS) };
  yield { what: `${how}: told to come back later`, figure: got.turned_away };
  yield { what: `${how}: deliveries missed, doubled of ${RATE * SECONDS * STREAMS}`, figure: `${got.missed}, ${got.doubled}`, ...both(all(got.missed, 0), all(got.doubled, 0)), target: '0' };
}

export async function* measure(bench) {
  await bench.start();
  const parley = bench.parley(bench.people('reader', STREAMS));
  yield* rows('killed with -9', await storm(bench, parley, 'SIGKILL'));
  yield* rows('restarted', await storm(bench, parley, 'SIGTERM'));
}
