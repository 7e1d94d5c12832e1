import { hashOf } from '../server.mjs';
import { all, atMostTimes } from '../targets.mjs';

export const title = '5,000 readers over 100 rooms: cost follows deliveries';

const ROOMS = 100;
const A_ROOM = 50;
const ONE_ROOM = 1000;
const SECONDS = 10;
const DELIVERIES = 20_000; // a second, in both cases

/** Channels with their fifty readers each. Reader I is in room I modulo ROOMS. */
function makeRooms(bench, count) {
  const token = hashOf('\'reader-\' || i');
  const rooms = bench.execute(ROOMS, 'create_room', token, 'json_build_object(\'kind\', \'channel\', \'name\', \'room \' || i)').map(({ room }) => room.id);
  bench.execute(count, 'join_room', token, `json_build_object('room', ('{${rooms}}'::bigint[])[(i - 1) % ${ROOMS} + 1])`);
  return rooms;
}

/** Processor time of those who hold streams, for a second of deliveries. */
async function costOf(server, { count, rooms = [1], audience, rate }) {
  const { result } = await server.listen({ connections: count, seconds: SECONDS + 8, audience });
  const before = server.seconds();
  const posted = await server.post({ connections: ROOMS, rooms, seconds: SECONDS, rate });
  const used = server.seconds() - before;
  const got = await result;
  return { got, posted, expected: posted.posts * audience, us: used * 1e6 / got.deliveries };
}

export async function* measure(bench) {
  await bench.start();
  const count = ROOMS * A_ROOM;
  const tokens = bench.people('reader', count);
  const rooms = makeRooms(bench, count);
  const parley = bench.parley(tokens);
  parley.posters = tokens.slice(0, ROOMS);
  const one = await costOf(parley, { count: ONE_ROOM, audience: ONE_ROOM, rate: DELIVERIES / ONE_ROOM });
  const many = await costOf(parley, { count, rooms, audience: A_ROOM, rate: DELIVERIES / A_ROOM });
  yield { what: '400 msg/s, 50 readers each: delivered of what was due', figure: `${many.got.deliveries} of ${many.expected}`, ...all(many.got.deliveries, many.expected) };
  yield { what: '400 msg/s, 50 readers each: post to last reader, p50 ms', figure: many.got.last_p50_ms };
  yield { what: '400 msg/s, 50 readers each: post to last reader, p99 ms', figure: many.got.last_p99_ms };
  yield { what: 'as many deliveries in one room of 1,000: µs of nginx and hub each', figure: one.us.toFixed(1) };
  yield { what: '5,000 readers, 100 rooms: µs of nginx and hub a delivery', figure: many.us.toFixed(1), ...atMostTimes(many.us, one.us, 2, 'one room') };
}
