import { spawn } from 'node:child_process';
import { cleanEnvironment } from '../../harness/owned.mjs';
import { MESSAGES } from '../data.mjs';
import { Bench } from '../server.mjs';
import { all, atLeast, atMost, both, times } from '../targets.mjs';

export const title = `${MESSAGES.toLocaleString('en-US')} messages of two years, 2,000 people, 4,000 rooms`;

const SECONDS = 10;
const WARM = 8;       // until each connection of PostgreSQL has mapped what it reads (page faults a second fall from 60,000 to 4,000)
const ROUNDS = 3; // in turns, so that what else changes on the machine hits both
const QUESTIONS = 20_000;

/**
 * Pages of many rooms and places, each asked for by somebody in the room: of half of them the message was drawn, so most are of busy
 * rooms; of the others the room, so most are of quiet ones.
 */
const pages = (bench) => bench.sql(`
  create temp table question as
  select token, room_id, id, i from (
    select distinct on (i) i, token, m.room_id, m.id
    from (select i, m.id, m.room_id from (select i, floor(random() * (select max(id) from data.message))::bigint as place from generate_series(1, ${QUESTIONS / 2}) i) drawn
          cross join lateral (select id, room_id from data.message where id >= place order by id limit 1) m
          union all
          select i, m.id, room_id from (select i, (array(select id from data.room order by id))[1 + floor(random() * (select count(*) from data.room))] as room_id
                                     from generate_series(${QUESTIONS / 2 + 1}, ${QUESTIONS}) i offset 0) drawn
          cross join lateral (select id from data.message m where m.room_id = drawn.room_id order by id desc limit 1) m) m
    cross join lateral (select person_id from data.member where room_id = m.room_id offset i % 3 limit 1) who
    join (select id, 'person-' || split_part(name, ' ', 2) as token from data.person where name ~ ' [0-9]+$') p on p.id = who.person_id) q;
  select token || ' /api/rooms/' || room_id || '/messages' || (array['', '?before=' || id, '?after=' || id, '?around=' || id])[1 + i % 4] from question order by random();
`).split('\n');

/** Everything of the database, as the nightly backup writes it, to nowhere; `stop` ends it early. */
function dump(bench) {
  const child = spawn('/usr/lib/postgresql/15/bin/pg_dump', ['--format=custom', '-h', bench.sockets, '-U', 'parley_backup', '-d', 'parley', '--file=/dev/null'],
    { env: cleanEnvironment(), stdio: 'inherit' });
  const ended = new Promise((done) => child.on('close', done));
  return { runs: () => child.exitCode === null, stop: () => { child.kill(); return ended; } };
}

/** Posts/s of each server, by turns. */
async function inTurns(servers) {
  const sums = servers.map(() => 0);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, server] of servers.entries()) sums[i] += (await server.post({ seconds: SECONDS / 2 })).per_second;
  }
  return sums.map((sum) => Math.round(sum / ROUNDS));
}

export async function* measure(bench) {
  await bench.start({ onData: true });
  const tokens = Array.from({ length: 64 }, (_, i) => `person-${i + 1}`);

  const lines = ['person-1 /api/state'];
  await bench.ask({ lines, seconds: 1 });
  const state = await bench.ask({ lines, seconds: SECONDS });
  yield { what: 'GET /api/state of somebody in 500 rooms: p50 ms', figure: state.p50_ms };
  yield { what: 'GET /api/state of somebody in 500 rooms: p99 ms', figure: state.p99_ms, ...atMost(state.p99_ms, 50) };
  yield { what: 'GET /api/state of somebody in 500 rooms: KB', figure: Math.round(state.bytes / 1000) };

  const questions = pages(bench);
  await bench.ask({ lines: questions, connections: 32, seconds: WARM });
  const { result: page, us } = await bench.costs(() => bench.ask({ lines: questions.reverse(), connections: 32, seconds: SECONDS }));
  yield { what: `pages of 50 messages/s, ${questions.length} different, 32 connections`, figure: page.per_second, ...atLeast(page.per_second, 3000) };
  yield { what: 'a page: p50 ms', figure: page.p50_ms };
  yield { what: 'a page: p99 ms', figure: page.p99_ms, ...atMost(page.p99_ms, 30) };
  for (const [part, each] of Object.entries(us)) yield { what: `µs of processor time a page: ${part}`, figure: each };
  yield { what: 'a page: KB', figure: Math.round(page.bytes / 1000) };
  yield { what: 'refused', figure: state.refused + page.refused, ...all(state.refused + page.refused, 0), target: '0' };

  const empty = new Bench();
  bench.stopsLater(() => empty.stop());
  await empty.start();
  const servers = [bench.parley(tokens), empty.parley(empty.people('poster', 64))];
  for (const server of servers) await server.post({ seconds: 2 });
  const [full, none] = await inTurns(servers);
  yield { what: 'posts/s into an empty table', figure: none };
  yield { what: 'posts/s into all these', figure: full, ...times(full, none, 0.9, 'an empty table') };
  const dumping = dump(bench);
  const meanwhile = await servers[0].post({ seconds: SECONDS });
  const ranOn = dumping.runs();
  await dumping.stop();
  yield { what: 'posts/s while pg_dump runs', figure: meanwhile.per_second,
    ...both(times(meanwhile.per_second, none, 0.5, 'an empty table'), { target: 'it ran all the time', met: ranOn }) };
}
