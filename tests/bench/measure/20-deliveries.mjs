import { all, atLeast, atMost, both, partOf, times } from '../targets.mjs';

export const title = 'Streams: 1,000 readers of one room';

const READERS = 1000;
const SECONDS = 10;

const figuresOf = (results, figure) => Object.fromEntries(Object.entries(results).map(([name, result]) => [name, figure(result)]));

/** Posts at a rate; what each of the servers makes of it. */
async function atRate(servers, rate) {
  const results = {};
  for (const server of servers) {
    results[server.name] = await server.deliver({ count: READERS, expect: rate * SECONDS, posting: { connections: 16, seconds: SECONDS, rate } });
  }
  return results;
}

function* rowsOfRate(rate, results, target) {
  yield { what: `${rate} msg/s: post to last reader, p50 ms`, figures: figuresOf(results, ({ got }) => got.last_p50_ms) };
  yield { what: `${rate} msg/s: post to last reader, p99 ms`, figures: figuresOf(results, ({ got }) => got.last_p99_ms), ...target };
  const { missed, doubled } = results.Parley.got;
  yield { what: `${rate} msg/s: deliveries missed of ${rate * SECONDS * READERS}`, figures: figuresOf(results, ({ got }) => got.missed), ...both(all(missed, 0), all(doubled, 0)), target: '0' };
}

export async function* measure(bench) {
  await bench.start();
  const servers = [bench.parley(bench.people('reader', READERS)), ...await bench.peers()];
  await servers[0].deliver({ count: READERS, posting: { connections: 16, seconds: 3, rate: 100 } }); // warm
  const calm = await atRate(servers, 100);
  yield { what: '1,000 streams opened, Parley\'s authenticated, s', figures: figuresOf(calm, ({ open }) => open.seconds) };
  const p99 = calm.Parley.got.last_p99_ms;
  yield* rowsOfRate(100, calm, both(atMost(p99, 25), partOf(p99, calm['socket.io'].got.last_p99_ms, 6, 'socket.io')));
  yield* rowsOfRate(400, await atRate(servers, 400));

  const overload = {};
  for (const server of servers) overload[server.name] = await server.deliver({ count: READERS, posting: { connections: 64, seconds: SECONDS } });
  const rate = overload.Parley.got.per_second, other = overload.nchan.got.per_second;
  yield { what: 'overload: deliveries/s', figures: figuresOf(overload, ({ got }) => got.per_second), ...both(atLeast(rate, 600_000), times(rate, other, 1.4, 'nchan')) };
  yield { what: 'overload: MB/s', figures: figuresOf(overload, ({ got }) => Math.round(got.megabytes / got.deliveries * got.per_second)) };
  yield { what: 'overload: posts/s meanwhile', figures: figuresOf(overload, ({ posted }) => posted.per_second) };
  yield { what: 'overload: streams cut off', figures: figuresOf(overload, ({ got }) => got.closed) };
}
