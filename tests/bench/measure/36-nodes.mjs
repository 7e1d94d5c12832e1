import { setTimeout as pause } from 'node:timers/promises';
import { Bench, until } from '../server.mjs';
import { all } from '../targets.mjs';

export const title = 'Nodes: one, two and four pairs of programs on one database, all on this machine';

const READERS = 1000;
const SECONDS = 8;
const RATE = 100;
const IDLE_SECONDS = 5;
const HOLDS_STREAMS = /nginx: worker|parley-stream/;

/** What `work` used of the processor, in µs for each of what it returned as its count. */
async function processorTime(bench, pattern, work) {
  const before = bench.seconds(pattern);
  const count = await work();
  return (bench.seconds(pattern) - before) * 1e6 / count;
}

/** Everybody reads, some post: what arrived, and what PostgreSQL and the streams' holders used meanwhile, once all streams are open. */
async function deliver(bench, parley, posting, expect) {
  const { result } = await parley.listen({ connections: READERS, seconds: SECONDS + 5, expect });
  let ofPostgres;
  const ofStreams = await processorTime(bench, HOLDS_STREAMS, async () => {
    ofPostgres = await processorTime(bench, /postgres/, async () => (await parley.post({ seconds: SECONDS, ...posting })).posts);
    return (await result).deliveries;
  });
  return { got: await result, ofPostgres, ofStreams };
}

/** The same work on a server of its own. */
async function measureNodes(nodes) {
  const bench = new Bench();
  try {
    await bench.start({ nodes });
    const parley = bench.parley(bench.people('reader', READERS));
    await parley.post({ seconds: 2 });
    let posted;
    const ofPost = await processorTime(bench, /postgres/, async () => {
      posted = await parley.post({ seconds: SECONDS });
      return posted.posts;
    });
    await until('the indexer has caught up', () => bench.sql('select (select upto from data.progress where what = \'search\') = max(id) from data.message') === 't', 120_000);
    const steady = await deliver(bench, parley, { connections: 16, rate: RATE }, RATE * SECONDS);
    const overload = await deliver(bench, parley, { connections: 64 });
    const idle = await processorTime(bench, /postgres/, async () => {
      await pause(IDLE_SECONDS * 1000);
      return IDLE_SECONDS;
    });
    const connections = Number(bench.sql('select count(*) from pg_stat_activity where usename ~ \'^parley_(api|stream)$\''));
    return { nodes, posted, ofPost, steady, overload, idle, connections };
  } finally {
    await bench.stop();
  }
}

export async function* measure() {
  for (const nodes of [1, 2, 4]) {
    const { posted, ofPost, steady, overload, idle, connections } = await measureNodes(nodes);
    const what = (text) => `${nodes} ${nodes === 1 ? 'node' : 'nodes'}: ${text}`;
    yield { what: what('posts/s, 64 connections'), figure: posted.per_second };
    yield { what: what('µs of PostgreSQL a post then'), figure: ofPost.toFixed(0) };
    yield { what: what(`${READERS} readers × ${RATE} msg/s: delivered`), figure: steady.got.deliveries, ...all(steady.got.deliveries, READERS * RATE * SECONDS) };
    yield { what: what(`${READERS} readers × ${RATE} msg/s: post to last reader, p99 ms`), figure: steady.got.last_p99_ms };
    yield { what: what('µs of nginx and hub a delivery then'), figure: steady.ofStreams.toFixed(2) };
    yield { what: what('µs of PostgreSQL a message then'), figure: steady.ofPostgres.toFixed(0) };
    yield { what: what('overload: deliveries/s'), figure: overload.got.per_second };
    yield { what: what('µs of nginx and hub a delivery then'), figure: overload.ofStreams.toFixed(2) };
    yield { what: what('µs of PostgreSQL a second when nothing happens'), figure: idle.toFixed(0) };
    yield { what: what('connections that PostgreSQL holds for them'), figure: connections };
  }
}
