export const title = 'Durable posts through nginx, real sessions and rules, 64 connections';

export async function* measure(bench) {
  await bench.start();
  const tokens = bench.people('poster', 64);
  await bench.post({ tokens, seconds: 2 }); // plans, pools and caches are warm
  bench.sql('analyze');
  const { per_second: rate, p50_ms: p50, p99_ms: p99, refused } = await bench.post({ tokens, seconds: 10 });
  yield { what: 'posts/s', figure: rate, target: '≥ 12,000' };
  yield { what: 'p50 / p99 ms', figure: `${p50} / ${p99}` };
  yield { what: 'refused', figure: refused, target: '0' };
  bench.sql('alter system set commit_delay = 2000');
  bench.sql('alter system set commit_siblings = 0');
  bench.sql('select pg_reload_conf()');
  const slow = await bench.post({ tokens, seconds: 10 });
  yield { what: 'posts/s when a flush takes 2 ms more', figure: slow.per_second, target: '≥ 8,000' };
}
