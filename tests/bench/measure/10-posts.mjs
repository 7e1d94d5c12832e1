import { atLeast, all } from '../targets.mjs';

export const title = 'Durable posts through nginx, real sessions and rules, 64 connections';

const SECONDS = 10;
/** As if the disk took 2 ms more: what group commit is for. */
function slowDown(bench) {
  bench.sql('alter system set commit_delay = 2000');
  bench.sql('alter system set commit_siblings = 0');
  bench.sql('select pg_reload_conf()');
}

export async function* measure(bench) {
  await bench.start();
  const parley = bench.parley(bench.people('poster', 64));
  const [, socketIo] = await bench.peers();
  for (const server of [parley, socketIo]) await server.post({ seconds: 2 }); // plans, pools and caches are warm
  bench.sql('analyze');
  const { result: ours, us } = await bench.costs(() => parley.post({ seconds: SECONDS }));
  const theirs = await socketIo.post({ seconds: SECONDS });
  yield { what: 'posts/s', figures: { Parley: ours.per_second, 'socket.io': theirs.per_second }, ...atLeast(ours.per_second, 12_000) };
  yield { what: 'p50 ms, closed loop', figures: { Parley: ours.p50_ms, 'socket.io': theirs.p50_ms } };
  yield { what: 'p99 ms, closed loop', figures: { Parley: ours.p99_ms, 'socket.io': theirs.p99_ms } };
  yield { what: 'refused', figures: { Parley: ours.refused, 'socket.io': theirs.refused }, ...all(ours.refused, 0), target: '0' };
  for (const [part, each] of Object.entries(us)) yield { what: `µs of processor time a post: ${part}`, figure: each };
  slowDown(bench);
  const slow = await parley.post({ seconds: SECONDS });
  const slowTheirs = await socketIo.post({ seconds: SECONDS });
  yield { what: 'posts/s when a flush takes 2 ms more', figures: { Parley: slow.per_second, 'socket.io': slowTheirs.per_second }, ...atLeast(slow.per_second, 8000) };
}
