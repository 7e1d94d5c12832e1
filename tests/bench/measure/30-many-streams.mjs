export const title = '10,000 streams';

const STREAMS = 10_000;

export async function* measure(bench) {
  await bench.start();
  const tokens = bench.people('reader', STREAMS);
  const before = bench.memory(/nginx: worker|parley-stream/);
  const { open, result } = await bench.listen({ tokens, connections: STREAMS, seconds: 25, expect: 200 });
  yield { what: 'opened and authenticated in s', figure: open.seconds };
  yield { what: 'KB a stream, nginx and hub together', figure: ((bench.memory(/nginx: worker|parley-stream/) - before) / STREAMS / 1024).toFixed(1), target: '≤ 12' };
  await bench.post({ tokens: tokens.slice(0, 8), connections: 8, seconds: 10, rate: 20 });
  const got = await result;
  yield { what: '20 msg/s: post to last reader, p50 / p99 ms', figure: `${got.last_p50_ms} / ${got.last_p99_ms}`, target: 'p99 ≤ 400' };
  yield { what: `20 msg/s: delivered of ${200 * STREAMS}`, figure: got.deliveries };
}
