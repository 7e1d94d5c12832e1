import { atMostTimes, atLeast } from '../targets.mjs';

export const title = 'Under attack: 200 guests a second from 50 addresses post garbage into the room where 50 members talk; limits are on';

const MEMBERS = 50;
const RATE = 50;      // of the members, posts a second: one each
const GUESTS = 200;   // a second
const SECONDS = 20;   // the slowest post of a hundred is one of ten then
const LEAD = 3;       // seconds that the attack lasts before and after what is measured

export async function* measure(bench) {
  await bench.start({ limits: 'on', trusted: '127.0.0.0/8' });
  const tokens = bench.people('member', MEMBERS);
  bench.sql('update data.person set rank = 1 where id in (select person_id from data.session)');
  const talk = (seconds) => bench.post({ tokens, connections: MEMBERS, seconds, rate: RATE });
  await talk(LEAD);
  const calm = await talk(SECONDS);
  const attack = bench.attack({ connections: GUESTS, seconds: SECONDS + 2 * LEAD, rate: GUESTS });
  await talk(LEAD);
  const attacked = await talk(SECONDS);
  const { guests, in: came, kept_out: keptOut, taken, refused } = await attack;
  const perSecond = Math.round(guests / (SECONDS + 2 * LEAD));
  yield { what: 'guests that came, a second', figure: perSecond, ...atLeast(perSecond, GUESTS * 0.99) };
  yield { what: 'of them let in, kept out', figure: `${came}, ${keptOut}` };
  yield { what: 'their posts: taken, refused', figure: `${taken}, ${refused}` };
  yield { what: `${MEMBERS} members, ${RATE} posts/s: p50 ms without, with`, figure: `${calm.p50_ms}, ${attacked.p50_ms}` };
  yield { what: `${MEMBERS} members, ${RATE} posts/s: p99 ms without`, figure: calm.p99_ms };
  yield { what: `${MEMBERS} members, ${RATE} posts/s: p99 ms with`, figure: attacked.p99_ms, ...atMostTimes(attacked.p99_ms, calm.p99_ms, 2, 'without') };
  yield { what: 'refused of the members\' posts', figure: calm.refused + attacked.refused, target: '0', met: calm.refused + attacked.refused === 0 };
}
