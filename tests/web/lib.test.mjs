// The pure parts of the page.
import assert from 'node:assert/strict';
import './doubles.mjs';
import { describe, test } from 'node:test';
import { matterOf, mayHaveWayBack } from '../../web/lib/acts.js';
import { describeAgent } from '../../web/lib/agent.js';
import { Api, queryOf } from '../../web/lib/api.js';
import { delayOf } from '../../web/lib/backoff.js';
import { commandOf, commandsFor, personAt, unescaped } from '../../web/lib/commands.js';
import { candidatesFor, complete, mentionAt, placeAt } from '../../web/lib/completion.js';
import { fitInto } from '../../web/lib/fit.js';
import { bestOf, distanceTo } from '../../web/lib/fuzzy.js';
import { makeId } from '../../web/lib/ids.js';
import { refusalOf } from '../../web/lib/images.js';
import { parseRoute } from '../../web/lib/route.js';
import { rowsOf } from '../../web/lib/rows.js';
import { parseEvents } from '../../web/lib/sse.js';
import { change, findGap, merge, react } from '../../web/lib/stretch.js';
import { excerptOf, harmless, hueOf, initialsOf, lengthOf, plainLine, splitByMarks } from '../../web/lib/text.js';
import { createClock } from '../../web/lib/time.js';
import { mayAdd, mayArchive, mayRemove, mayRename, maySlow, mayTakeOut, mayWrite, rankIn, roomRolesOf, serverRolesOf } from '../../web/lib/rights.js';
import { changesOf, groupsOf, keepingOf } from '../../web/lib/settings.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('a browser is called as people call it', () => {
  const told = (agent) => Object.values(describeAgent(agent));
  assert.deepEqual(told('Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'), ['Firefox', 'Linux']);
  assert.deepEqual(told('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0'), ['Edge', 'Windows']);
  assert.deepEqual(told('Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1'), ['Safari', 'iPhone']);
  assert.deepEqual(told('Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36'), ['Chrome', 'Android']);
  assert.deepEqual([told('curl/8.5.0'), told('')], [['curl', null], [null, null]]);
});

describe('calls', () => {
  const answering = (status, body, headers = {}) => new Api(async () => new Response(body, { status, headers }));

  test('an answer is its JSON, an empty one null', async () => {
    assert.deepEqual(await answering(200, '{"a":1}').get('/x'), { a: 1 });
    assert.equal(await answering(204, null).post('/x'), null);
  });

  test('a refusal is a Problem with the sentence of the server', async () => {
    const body = JSON.stringify({ status: 429, code: 'slow_down', title: 'Slowly, please.' });
    await assert.rejects(answering(429, body, { 'retry-after': '7' }).get('/x'), (problem) => {
      assert.deepEqual([problem.status, problem.code, problem.title, problem.retryAfter, problem.passes], [429, 'slow_down', 'Slowly, please.', 7, true]);
      return true;
    });
  });

  test('what is not a problem document still has a code, and 403 does not pass', async () => {
    await assert.rejects(answering(403, '<html>').get('/x'), { code: 'http_403', passes: false });
  });

  test('no answer at all is "unreachable" and passes', async () => {
    const api = new Api(async () => { throw new TypeError('Failed to fetch'); });
    await assert.rejects(api.get('/x'), { code: 'unreachable', status: 0, passes: true });
  });

  test('a query leaves out what is not given', () => {
    assert.equal(queryOf({ q: 'a b&c', limit: 50, before: null, after: undefined }), '?q=a+b%26c&limit=50');
    assert.equal(queryOf({}), '');
  });
});

test('client ids are random UUIDs, also without a secure context', () => {
  const plain = { getRandomValues: (bytes) => globalThis.crypto.getRandomValues(bytes) };
  assert.match(makeId(), UUID);
  assert.match(makeId(plain), UUID);
  assert.notEqual(makeId(plain), makeId(plain));
});

test('pauses double, stay below half a minute, and are spread over their upper half', () => {
  assert.deepEqual([0, 1, 2, 9, 50].map((attempt) => delayOf(attempt, 1)), [1000, 2000, 4000, 30000, 30000]);
  assert.equal(delayOf(3, 0), 4000);
});

test('addresses: rooms, messages, links; anything else is home', () => {
  assert.deepEqual(parseRoute('#/rooms/7'), { view: 'room', room: 7, message: null });
  assert.deepEqual(parseRoute('#/rooms/7/991'), { view: 'room', room: 7, message: 991 });
  assert.deepEqual(parseRoute('#/link/a%2Fb'), { view: 'link', token: 'a/b' });
  assert.deepEqual(parseRoute('#/invite/%zz'), { view: 'invite', token: '%zz' });
  for (const bad of ['', '#/', '#/rooms/', '#/rooms/0', '#/rooms/-1', '#/rooms/x', '#/rooms/9007199254740992', '#/else/1']) {
    assert.equal(parseRoute(bad).view, 'home', bad);
  }
});

describe('text of others', () => {
  test('direction and control characters are shown as a box', () => {
    assert.equal(harmless('ab\u202Egnp.exe'), 'ab□gnp.exe');
    assert.equal(harmless('a\u0000\u200Fb\u2066c'), 'a□□b□c');
    assert.equal(harmless('Ångström ليلى 👩‍👩‍👧'), 'Ångström ليلى 👩‍👩‍👧');
  });

  test('initials of one word, of several, of signs and of nothing', () => {
    assert.deepEqual(['ana', 'Bo Larsen', 'j.r.r tolkien', '👩‍👩‍👧 x', '', 'ß'].map(initialsOf), ['A', 'BL', 'JT', '👩‍👩‍👧X', '?', 'SS']);
  });

  test('neighbouring ids get hues far apart, all within a circle', () => {
    for (let id = 1; id < 500; id += 1) {
      const away = Math.abs(hueOf(id) - hueOf(id + 1));
      assert.ok(hueOf(id) >= 0 && hueOf(id) <= 360 && Math.min(away, 360 - away) > 100, String(id));
    }
  });

  test('lengths and marks count code points', () => {
    assert.equal(lengthOf('a👍b'), 3);
    assert.deepEqual(splitByMarks('👍 hello hello', [[2, 5]]), [
      { text: '👍 ', marked: false }, { text: 'hello', marked: true }, { text: ' hello', marked: false }]);
  });

  test('a quote is one line without marks; signs inside words stay', () => {
    assert.equal(plainLine('**Bold** and `code`\n> quoted\n```js\nx = a * b\n```'), 'Bold and code quoted x = a * b');
    assert.equal(plainLine('# Title\nsnake_case'), 'Title snake_case');
  });

  test('an excerpt keeps its marks in place', () => {
    const text = `${'x'.repeat(100)}needle${'y'.repeat(400)}`;
    const cut = excerptOf(text, [[100, 6]]);
    assert.ok(cut.text.startsWith('…') && cut.text.endsWith('…'));
    assert.equal(splitByMarks(cut.text, cut.marks).find((piece) => piece.marked).text, 'needle');
  });
});

describe('rows', () => {
  const dayKey = (at) => at.slice(0, 10);
  const message = (n, user, at, more) => ({ id: n * 10, n, user: { id: user }, at, ...more });
  const shape = (rows) => rows.map((row) => (row.kind === 'message' ? `${row.message.n}${row.grouped ? '+' : ''}` : row.kind));

  test('one author within five minutes is one group; a day begins a new one', () => {
    const rows = rowsOf([
      message(1, 7, '2026-11-23T10:00:00Z'), message(2, 7, '2026-11-23T10:04:59Z'), message(3, 7, '2026-11-23T10:10:00Z'),
      message(4, 9, '2026-11-23T10:10:01Z'), message(5, 9, '2026-11-24T00:00:00Z'),
    ], { dayKey });
    assert.deepEqual(shape(rows), ['day', '1', '2+', '3', '4', 'day', '5']);
  });

  test('the divider stands before the first unread message, once', () => {
    const rows = rowsOf([message(4, 7, '2026-11-23T10:00:00Z'), message(5, 7, '2026-11-23T10:00:01Z'), message(6, 7, '2026-11-23T10:00:02Z')],
      { dayKey, newAfter: 4 });
    assert.deepEqual(shape(rows), ['day', '4', 'new', '5', '6+']);
  });

  test('an answer, and what follows a removed message, stand alone', () => {
    const rows = rowsOf([message(1, 7, '2026-11-23T10:00:00Z', { deleted: {} }), message(2, 7, '2026-11-23T10:00:01Z'),
      message(3, 7, '2026-11-23T10:00:02Z', { reply_to: { id: 1 } })], { dayKey });
    assert.deepEqual(shape(rows), ['day', '1', '2', '3']);
  });

  test('my message has the same key on its way and confirmed', () => {
    const [, sent] = rowsOf([{ client_id: 'c', user: { id: 7 }, at: '2026-11-23T10:00:00Z' }], { dayKey, me: 7 });
    const [, confirmed] = rowsOf([message(1, 7, '2026-11-23T10:00:01Z', { client_id: 'c' })], { dayKey, me: 7 });
    assert.equal(sent.key, confirmed.key);
    const [, other] = rowsOf([message(1, 9, '2026-11-23T10:00:01Z', { client_id: 'c' })], { dayKey, me: 7 });
    assert.equal(other.key, '10');
  });
});

describe('the stretch of messages that is held', () => {
  const list = (...ns) => ns.map((n) => ({ id: n * 2, n }));

  test('merging keeps order, has each once, and the fresh one wins', () => {
    const merged = merge(list(1, 2, 4), [{ id: 6, n: 3 }, { id: 4, n: 2, text: 'new' }]);
    assert.deepEqual(merged.map(({ n, text }) => [n, text]), [[1, undefined], [2, 'new'], [3, undefined], [4, undefined]]);
  });

  test('a hole in n is found', () => {
    assert.equal(findGap(list(1, 2, 3)), null);
    assert.deepEqual(findGap(list(1, 4, 5)), { after: 2, before: 8, missing: 2 });
  });

  test('changing what is not there changes nothing', () => {
    const all = list(1, 2);
    assert.equal(change(all, 99, () => ({})), all);
    assert.deepEqual(change(all, 2, (message) => ({ ...message, text: 'x' }))[0], { id: 2, n: 1, text: 'x' });
  });

  test('a reaction comes once and goes once', () => {
    const none = { id: 1, reactions: [] };
    const one = react(none, '👍', 7, true);
    assert.equal(react(one, '👍', 7, true), one);
    assert.deepEqual(react(one, '👍', 9, true).reactions, [{ emoji: '👍', users: [7, 9] }]);
    assert.deepEqual(react(one, '👍', 7, false).reactions, []);
    assert.equal(react(none, '👍', 7, false), none);
  });
});

test('a stream that came as a whole is read event by event; what is broken is left out', () => {
  const text = 'retry: 2750\n\nid: 1.a\nevent: ready\ndata: {"cursor":"1.a"}\n\nid: 2.b\nevent: typing\ndata: {"x":\ndata: 1}\n\nevent: ping\ndata: nope\n\n';
  assert.deepEqual(parseEvents(text), [
    { cursor: '1.a', type: 'ready', data: { cursor: '1.a' } }, { cursor: '2.b', type: 'typing', data: { x: 1 } }]);
});

describe('lines that begin with a slash', () => {
  test('a command is its name and the rest; two slashes are a message', () => {
    assert.deepEqual(commandOf('/Topic  a new\none '), { name: 'topic', rest: 'a new\none' });
    assert.deepEqual([commandOf('/'), commandOf('/usr/bin'), commandOf('//me'), commandOf('a /me')], [{ name: '', rest: '' }, { name: 'usr/bin', rest: '' }, null, null]);
    assert.deepEqual(['//me', '// ', 'a //b', '/'].map(unescaped), ['/me', '/ ', 'a //b', '/']);
  });

  test('only what one may do is offered', () => {
    const room = (role, kind = 'channel') => ({ kind, my: { role } });
    assert.deepEqual(commandsFor(room('member'), { role: 'member' }), ['me', 'invite', 'dm', 'help']);
    assert.deepEqual(commandsFor(room('moderator'), { role: 'member' }), ['me', 'topic', 'invite', 'dm', 'mute', 'ban', 'help']);
    assert.deepEqual(commandsFor(room('member', 'direct'), { role: 'member' }), ['me', 'dm', 'help']);
  });

  test('whom it is about is the longest name that fits', () => {
    const people = [{ name: 'Ana' }, { name: 'Ana Maria' }, { name: 'bo' }];
    const found = (line) => { const at = personAt(line, people); return at && [at.person.name, at.rest]; };
    assert.deepEqual([found('@ana maria hello'), found('Ana, hello'), found('bob')], [['Ana Maria', 'hello'], ['Ana', ', hello'], null]);
  });
});

describe('finding a name by some of its letters', () => {
  test('its beginning, then a word, then inside, then scattered; accents and capitals do not matter', () => {
    assert.deepEqual(['design', 'web-design', 'redesign', 'doors signs', 'lobby'].map((name) => distanceTo(name, 'desIgn')), [0, 1, 2, null, null]);
    assert.ok(distanceTo('operations', 'oprt') > 2);
    assert.equal(distanceTo('Leïla Haddad', 'leila'), 0);
    assert.deepEqual(bestOf(['summer party', 'operations', 'party'], 'part', String), ['party', 'summer party']);
  });
});

describe('completion while writing', () => {
  test('what is open at the cursor', () => {
    const kind = (text) => { const place = placeAt(text, text.length); return place && [place.kind, place.at, place.typed]; };
    assert.deepEqual([kind('/'), kind('/to'), kind('hi :ro'), kind('hi @an')], [['command', 0, ''], ['command', 0, 'to'], ['emoji', 3, 'ro'], ['person', 3, 'an']]);
    assert.deepEqual([kind('//'), kind('a /to'), kind('at 12:30'), kind('http://ab'), kind('x :r')], [null, null, null, null, null]);
  });
});

describe('completion of names', () => {
  test('an @ at the cursor opens it, one inside a word or a finished line does not', () => {
    assert.deepEqual(mentionAt('hi @an', 6), { at: 3, typed: 'an' });
    assert.deepEqual(mentionAt('@', 1), { at: 0, typed: '' });
    assert.equal(mentionAt('me@home', 7), null);
    assert.equal(mentionAt('@ana\nx', 6), null);
    assert.equal(mentionAt('@ ana', 5), null);
  });

  test('who begins so comes first, then who spoke last', () => {
    const people = [{ id: 1, name: 'Joana' }, { id: 2, name: 'Ana' }, { id: 3, name: 'Anatol' }];
    assert.deepEqual(candidatesFor('an', people, [3]).map((person) => person.id), [3, 2, 1]);
  });

  test('the name takes the place of what was typed', () => {
    assert.deepEqual(complete('hi @an there', 6, { at: 3 }, '@Ana B'), { text: 'hi @Ana B there', cursor: 10 });
  });
});

test('pictures keep their shape and never grow', () => {
  assert.deepEqual(fitInto({ width: 1600, height: 900 }, { width: 400, height: 300 }), { width: 400, height: 225 });
  assert.deepEqual(fitInto({ width: 20, height: 10 }, { width: 400, height: 300 }), { width: 20, height: 10 });
  assert.deepEqual(fitInto({ width: 5000, height: 2 }, { width: 400, height: 300 }), { width: 400, height: 1 });
});

test('files that cannot be images are refused before they are sent', () => {
  assert.equal(refusalOf({ type: 'image/png', size: 10 }), null);
  assert.equal(refusalOf({ type: 'image/svg+xml', size: 10 }), 'notAnImage');
  assert.equal(refusalOf({ type: 'image/png', size: 21 << 20 }), 'imageTooLarge');
});

test('days are told as people say them, in the reader’s zone', () => {
  const clock = createClock('en', 'Europe/Berlin');
  const now = Date.parse('2026-11-23T10:00:00Z');
  assert.equal(clock.day('2026-11-23T00:30:00Z', now), 'Today');
  assert.equal(clock.day('2026-11-22T22:30:00Z', now), 'Yesterday');
  assert.equal(clock.day('2026-11-22T23:30:00Z', now), 'Today');
  assert.match(clock.day('2026-11-02T12:00:00Z', now), /Monday/);
  assert.match(clock.day('2024-03-05T12:00:00Z', now), /2024/);
  assert.match(clock.tinyTime('2026-11-23T13:05:00Z'), /^2:05$/);
});

describe('rights', () => {
  const room = (kind, role, more) => ({ id: 1, kind, archived: false, my: { role, muted_until: null }, ...more });
  const ana = { id: 1, role: 'member' };
  const moderator = { id: 2, role: 'moderator' };
  const message = (user, more) => ({ id: 5, user, deleted: null, ...more });

  test('one ladder in a room', () => {
    const ranks = [['owner'], ['admin'], ['moderator'], ['member', 'owner'], ['member', 'moderator'], ['member', 'member']]
      .map(([role, inRoom]) => rankIn(room('channel'), { role }, inRoom));
    assert.deepEqual(ranks, [...ranks].sort((a, b) => b - a));
    assert.equal(new Set(ranks).size, ranks.length);
  });

  test('one’s own message may be removed, another’s only from strictly above', () => {
    assert.ok(mayRemove(message(ana), ana, room('channel', 'member'), ana, 'member'));
    assert.ok(!mayRemove(message(moderator), ana, room('channel', 'member'), moderator, 'member'));
    assert.ok(mayRemove(message(ana), moderator, room('channel', 'member'), ana, 'owner'));
    assert.ok(!mayRemove(message({ id: 3 }), moderator, room('channel', 'member'), { id: 3, role: 'moderator' }, 'member'));
    assert.ok(!mayRemove(message(ana, { deleted: {} }), ana, room('channel', 'member'), ana, 'member'));
  });

  test('in a direct room nobody stands above the other', () => {
    assert.ok(!mayRemove(message(ana), moderator, room('direct', 'member'), ana, 'member'));
    assert.ok(!mayRename(room('direct', 'member'), moderator) && !mayAdd(room('direct', 'member')));
  });

  test('a group is named by its members, a channel by those who moderate it; only an owner archives, and brings back', () => {
    const may = (kind, role, more) => [mayRename, maySlow, mayArchive].map((each) => each(room(kind, role, more), ana));
    assert.deepEqual(may('group', 'member'), [true, false, false]);
    assert.deepEqual(may('channel', 'member'), [false, false, false]);
    assert.deepEqual(may('channel', 'moderator'), [true, true, false]);
    assert.deepEqual(may('channel', 'owner'), [true, true, true]);
    assert.deepEqual(may('channel', 'owner', { archived: true }), [false, false, true]);
  });

  test('any member adds people; only who moderates takes out', () => {
    assert.ok(mayAdd(room('group', 'member')) && mayAdd(room('channel', 'member')) && !mayAdd(room('channel', 'member', { archived: true })));
    assert.ok(!mayTakeOut(room('group', 'member'), ana, moderator, 'member'));
    assert.ok(mayTakeOut(room('group', 'owner'), ana, { id: 9, role: 'member' }, 'moderator'));
  });

  test('who is muted, or where the room is archived, does not write', () => {
    const until = new Date(Date.now() + 60_000).toISOString();
    assert.ok(mayWrite(room('channel', 'member')));
    assert.ok(!mayWrite(room('channel', 'member', { archived: true })));
    assert.ok(!mayWrite({ ...room('channel'), my: { role: 'member', muted_until: until } }));
    assert.ok(!mayWrite(room('channel', 'member', { my: null })));
  });
});

test('what an act of the audit was about, beside the person', () => {
  const about = (action, detail) => matterOf({ action, detail });
  assert.equal(about('set_role', { from: 'member', to: 'moderator' }), 'member → moderator');
  assert.equal(about('create_network_ban', { network: '192.0.2.0/24', scope: 'everything' }), '192.0.2.0/24');
  assert.equal(about('change_settings', { guests: false, message_days: null, was: { guests: null, message_days: 30 } }), 'guests: false, message_days: –');
  assert.equal(about('create_rule', { pattern: 'casino\nviagra' }), 'casino');
  const acts = [{ action: 'remove_message', detail: { by: 'moderator' } }, { action: 'remove_message', detail: { by: 'author' } }, { action: 'erase_me', detail: null }];
  assert.deepEqual(acts.map(mayHaveWayBack), [true, false, false]);
  assert.deepEqual([about('mute_member', null), about('mute_member', { replaced: {} })], ['', '']);
});

test('settings: grouped in the order of the schema, only what is another is a change', () => {
  const schema = { name: { type: 'string' }, guests: { type: 'boolean' }, log_days: { type: 'integer' }, limit_posts_per_minute: { type: 'integer' }, raid_until: { type: 'string' }, proxy_networks: { type: 'string' } };
  assert.deepEqual(groupsOf(schema), [['server', ['name', 'guests']], ['keeping', ['log_days']], ['limits', ['limit_posts_per_minute']], ['other', ['proxy_networks']]]);
  const changes = changesOf(schema, { name: 'a', guests: true, log_days: 7 }, { name: 'a', guests: false, log_days: '8' });
  assert.deepEqual(changes, { guests: false, log_days: 8 });
  assert.deepEqual([keepingOf(changes), keepingOf({ guests: false })], [{ log_days: 8 }, null]);
});

test('roles that one may give: below one’s own, and an owner makes owners', () => {
  assert.deepEqual(['member', 'moderator', 'admin', 'owner'].map((role) => serverRolesOf({ role }).length), [0, 1, 2, 4]);
  const garden = (role) => ({ kind: 'channel', my: { role } });
  assert.deepEqual(roomRolesOf(garden('moderator'), { role: 'member' }), ['member']);
  assert.deepEqual(roomRolesOf(garden('owner'), { role: 'member' }), ['member', 'moderator', 'owner']);
  assert.deepEqual(roomRolesOf(garden('member'), { role: 'moderator' }), ['member', 'moderator', 'owner']);
});
