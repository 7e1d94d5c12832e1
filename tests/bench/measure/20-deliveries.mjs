export const title = 'Streams: 1,000 readers of one room';

export async function* measure(bench) {
  await bench.start();
  const tokens = bench.people('reader', 1000);
  for (const [rate, target] of [[100, 'p99 ≤ 25 ms'], [400, 'all delivered']]) {
    const { open, result } = await bench.listen({ tokens, connections: 1000, seconds: 14, expect: rate * 10 });
    if (rate === 100) yield { what: '1,000 streams opened and authenticated in s', figure: open.seconds };
    await bench.post({ tokens, connections: 8, seconds: 10, rate });
    const got = await result;
    yield { what: `${rate} msg/s: post to last reader, p50 / p99 ms`, figure: `${got.last_p50_ms} / ${got.last_p99_ms}`, target };
    yield { what: `${rate} msg/s: delivered of ${rate * 10 * 1000}`, figure: got.deliveries };
  }
  const { result } = await bench.listen({ tokens, connections: 1000, seconds: 10 });
  await bench.post({ tokens, connections: 64, seconds: 9 });
  const got = await result;
  yield { what: 'overload: deliveries/s', figure: got.per_second, target: '≥ 600,000' };
  yield { what: 'overload: streams cut off', figure: got.closed };
}
