import { Bench } from '../server.mjs';
import { all } from '../targets.mjs';

export const title = 'Nodes: one, two and four pairs of programs on one database, all on this machine';

const READERS = 1000;
const SECONDS = 8;
const RATE = 100;

/** The same work on a server of its own. */
async function measureNodes(nodes) {
  const bench = new Bench();
  try {
    await bench.start({ nodes });
    const tokens = bench.people('reader', READERS);
    const parley = bench.parley(tokens);
    await parley.post({ seconds: 2 });
    const posted = await parley.post({ seconds: SECONDS });
    const before = bench.seconds(/postgres/);
    const { got } = await parley.deliver({ count: READERS, expect: RATE * SECONDS, posting: { connections: 16, seconds: SECONDS, rate: RATE } });
    const ofPostgres = (bench.seconds(/postgres/) - before) * 1e6 / (RATE * SECONDS);
    const overload = await parley.deliver({ count: READERS, posting: { connections: 64, seconds: SECONDS } });
    const connections = Number(bench.sql('select count(*) from pg_stat_activity where usename ~ \'^parley_(api|stream)$\''));
    return { nodes, posted, got, ofPostgres, overload: overload.got, connections };
  } finally {
    await bench.stop();
  }
}

export async function* measure() {
  const alone = await measureNodes(1);
  for (const { nodes, posted, got, ofPostgres, overload, connections } of [alone, await measureNodes(2), await measureNodes(4)]) {
    const what = (text) => `${nodes} ${nodes === 1 ? 'node' : 'nodes'}: ${text}`;
    yield { what: what('posts/s, 64 connections'), figure: posted.per_second };
    yield { what: what(`${READERS} readers × ${RATE} msg/s: delivered`), figure: got.deliveries, ...all(got.deliveries, READERS * RATE * SECONDS) };
    yield { what: what(`${READERS} readers × ${RATE} msg/s: post to last reader, p99 ms`), figure: got.last_p99_ms };
    yield { what: what('overload: deliveries/s'), figure: overload.per_second };
    yield { what: what('connections that PostgreSQL holds for them'), figure: connections };
    yield { what: what(`µs of PostgreSQL a message at ${RATE} msg/s`), figure: ofPostgres.toFixed(0) };
  }
}
