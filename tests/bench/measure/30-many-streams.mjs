import { all, atMost, both } from '../targets.mjs';

export const title = '10,000 streams of one room';

const STREAMS = 10_000;
const RATE = 20;
const SECONDS = 10;

async function hold(server) {
  const before = server.memory();
  const { open, result } = await server.listen({ connections: STREAMS, seconds: SECONDS + 10, expect: RATE * SECONDS });
  const bytes = (server.memory() - before) / STREAMS;
  await server.post({ connections: 8, seconds: SECONDS, rate: RATE });
  return { open, bytes, got: await result };
}

export async function* measure(bench) {
  await bench.start();
  const results = {};
  for (const server of [bench.parley(bench.people('reader', STREAMS)), ...await bench.peers()]) results[server.name] = await hold(server);
  const figures = (figure) => Object.fromEntries(Object.entries(results).map(([name, result]) => [name, figure(result)]));
  const { bytes, got } = results.Parley;
  yield { what: 'opened, Parley\'s authenticated, s', figures: figures(({ open }) => open.seconds) };
  yield { what: 'KB of memory a stream (Parley: nginx and hub together)', figures: figures((one) => (one.bytes / 1024).toFixed(1)), ...atMost(bytes / 1024, 12) };
  yield { what: '20 msg/s: post to last reader, p50 ms', figures: figures((one) => one.got.last_p50_ms) };
  yield { what: '20 msg/s: post to last reader, p99 ms', figures: figures((one) => one.got.last_p99_ms), ...atMost(got.last_p99_ms, 400) };
  yield { what: `20 msg/s: deliveries missed of ${RATE * SECONDS * STREAMS}`, figures: figures((one) => one.got.missed), ...both(all(got.missed, 0), all(got.doubled, 0)), target: '0' };
}
