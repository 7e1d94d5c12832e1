// The place of those who moderate: audit, undo, raid switch, rules, networks, people and settings. What will be done is said before.
import assert from 'node:assert/strict';
import test from 'node:test';
import { stackForTests } from '../harness/stack.mjs';
import { browserForTests } from './page.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

const stack = await stackForTests({ programs: ['api', 'stream'] });
const browser = await browserForTests(stack);
const root = await stack.owner();
const member = (name) => stack.client().signIn('/api/users', { name, password: 'correct horse' });
const [moss, prey] = [await member('moss'), await stack.guest('prey')];
await root.put(`/api/users/${moss.user.id}/role`, { role: 'moderator', reason: 'trusted' });
const owner = await browser.signedIn(root);

async function look(person, section) {
  await person.button('Moderation').click();
  await person.dialog.getByRole('tab', { name: section, exact: true }).click();
}

const leave = (person) => person.page.keyboard.press('Escape');
const field = (person, name) => person.dialog.getByRole('textbox', { name });
const person = (who, name) => who.dialog.getByRole('combobox', { name });
const press = (who, name) => who.dialog.getByRole('button', { name, exact: true }).click();
const answer = (who, name) => who.page.getByRole('dialog', { name, exact: true }).getByRole('button', { name, exact: true }).click();
const rows = (who, list) => who.dialog.getByRole('list', { name: list }).getByRole('listitem');

test('who does not moderate finds no such place, and a moderator not what is for admins', async () => {
  const guest = await browser.person('nobody');
  assert.equal(await guest.button('Moderation').count(), 0);
  const page = await browser.signedIn(moss);
  await page.button('Moderation').click();
  await page.dialog.getByRole('tab', { name: 'Audit' }).waitFor();
  for (const section of ['Undo', 'Settings']) assert.equal(await page.dialog.getByRole('tab', { name: section, exact: true }).count(), 0, section);
  await rows(page, 'Audit').first().waitFor();
  assert.equal(await page.dialog.getByRole('button', { name: /^Undo/ }).count(), 0);
  await Promise.all([guest.close(), page.close()]);
});

test('the audit is filtered by who, whom, what and since when', async () => {
  await moss.put(`/api/rooms/1/mutes/${prey.user.id}`, { reason: 'noisy', until: new Date(Date.now() + 3_600_000).toISOString() });
  await look(owner, 'Audit');
  await rows(owner, 'Audit').filter({ hasText: 'Muted: prey' }).getByText(/by moss · in lobby · until .* · noisy/).waitFor();
  await owner.assertAccessible('the audit');
  await owner.shoot('moderation-audit');
  await person(owner, 'By whom').fill('owner');
  await person(owner, 'What').selectOption('Role on the server');
  await person(owner, 'Since when').selectOption('1 hour ago');
  await press(owner, 'Show');
  await rows(owner, 'Audit').filter({ hasText: 'Muted' }).waitFor({ state: 'detached' });
  await rows(owner, 'Audit').getByText('Role on the server: moss, member → moderator').waitFor();
  assert.equal(await rows(owner, 'Audit').count(), 1);
  await person(owner, 'To whom').fill('nobody of that name');
  await press(owner, 'Show');
  await owner.dialog.getByRole('alert').filter({ hasText: 'Nobody of that name' }).waitFor();
  await leave(owner);
});

test('a single act is undone from the audit, after it was said what that is', async () => {
  await look(owner, 'Audit');
  await press(owner, 'Undo: Muted: prey');
  await owner.page.getByText('Undo this? Muted: prey. What it changed is as it was before.').waitFor();
  await answer(owner, 'Undo');
  await rows(owner, 'Audit').filter({ hasText: 'Undone: prey' }).waitFor();
  assert.equal((await prey.post('/api/rooms/1/messages', { text: 'heard again' })).status, 201);
  await press(owner, 'Undo: Muted: prey');
  await owner.dialog.getByText('Muted: prey: undone').waitFor();
  await leave(owner);
});

test('everything that one did is listed and undone in one step, and its victim is back at once', async () => {
  const victim = await browser.signedIn(prey);
  await victim.say('words of prey');
  await victim.confirmed('words of prey').waitFor();
  const messages = (await moss.get('/api/rooms/1/messages?limit=1')).body.messages;
  await moss.del(`/api/messages/${messages[0].id}`);
  await moss.put(`/api/rooms/1/mutes/${prey.user.id}`, { until: '2999-01-01T00:00:00Z', reason: 'spite' });
  await victim.page.getByText('You cannot write here').waitFor();
  await look(owner, 'Undo');
  await person(owner, 'By whom').fill('moss');
  await press(owner, 'Show what would be undone');
  await rows(owner, 'Undo').filter({ hasText: 'Message removed: prey' }).getByText('can be undone').waitFor();
  await owner.assertAccessible('undoing');
  await owner.shoot('moderation-undo');
  await field(owner, 'Reason').fill('a rogue');
  await press(owner, 'Undo 2 acts');
  await rows(owner, 'Undo').filter({ hasText: 'Muted: prey' }).getByText('undone', { exact: true }).waitFor();
  await victim.box.waitFor();
  await victim.message('words of prey').waitFor();
  await leave(owner);
  await victim.close();
});

test('the raid switch shuts the door for hours, tells every moderator how long still, and opens it again', async () => {
  const page = await browser.signedIn(moss);
  await look(page, 'Raid switch');
  await page.dialog.getByText('The door is open.').waitFor();
  await look(owner, 'Raid switch');
  await person(owner, 'For how long').selectOption('2 hours');
  await owner.shoot('moderation-raid-off');
  await press(owner, 'Shut the door');
  await owner.dialog.getByText(/^2 hours left|^1 hour 59 minutes left/).waitFor();
  await page.dialog.getByText(/^The door is shut until/).waitFor();
  assert.equal((await stack.client().post('/api/session/guest', { name: 'raider' })).body.code, 'raid');
  await owner.assertAccessible('the raid switch');
  await owner.shoot('moderation-raid');
  await press(page, 'Open it now');
  await owner.dialog.getByText('The door is open.').waitFor();
  await stack.guest('no raider');
  await leave(owner);
  await page.close();
});

test('a rule is tried on what was written before it can be switched on; another pattern is tried again', async () => {
  await prey.post('/api/rooms/1/messages', { text: 'come to my casino tonight' });
  const page = await browser.signedIn(moss);
  await look(page, 'Rules');
  await press(page, 'New rule');
  assert.deepEqual(await person(page, 'Looks for').locator('option').allInnerTexts(), ['Words', 'Links']);
  assert.deepEqual(await person(page, 'Not for').locator('option').allInnerTexts(), ['members and above', 'moderators and above']);
  await field(page, 'Name, for moderators').fill('gambling');
  await field(page, 'What exactly').fill('casin*');
  assert.equal(await page.dialog.getByRole('button', { name: 'Switch on' }).count(), 0);
  await press(page, 'Try it');
  await page.dialog.getByText(/It would have caught 1 of \d+ messages?/).waitFor();
  await rows(page, 'What it would have caught').getByText('come to my casino tonight').waitFor();
  await page.assertAccessible('trying a rule');
  await page.shoot('moderation-rule');
  await field(page, 'What exactly').fill('casino');
  await page.dialog.getByRole('button', { name: 'Switch on' }).waitFor({ state: 'detached' });
  await press(page, 'Try it');
  await press(page, 'Switch on');
  await rows(page, 'Rules').filter({ hasText: 'gambling' }).waitFor();
  assert.equal((await prey.post('/api/rooms/1/messages', { text: 'another casino' })).body.code, 'against_the_rules');
  await look(owner, 'Rules');
  await press(page, 'Edit: gambling');
  await press(page, 'Keep switched off');
  await rows(owner, 'Rules').filter({ hasText: 'gambling' }).getByText('off', { exact: true }).waitFor();
  await owner.assertAccessible('rules');
  await owner.shoot('moderation-rules');
  await press(owner, 'Take away: gambling');
  await answer(owner, 'Take away');
  await page.dialog.getByText('There are no rules.').waitFor();
  await leave(owner);
  await page.close();
});

test('a rule keeps its rooms when something else of it is changed, also one that its editor is not in; others can be chosen', async () => {
  const { room: side } = (await root.post('/api/rooms', { kind: 'channel', name: 'side street' })).body;
  const { room: closed } = (await moss.post('/api/rooms', { kind: 'group', name: 'closed' })).body;
  const { rule } = (await moss.post('/api/rules', { kind: 'words', pattern: 'elsewhere', action: 'report', name: 'two rooms', rooms: [1, closed.id] })).body;
  const stored = async () => (await root.get('/api/rules')).body.rules.find(({ id }) => id === rule.id);
  const box = (name) => owner.dialog.getByRole('group', { name: 'Where' }).getByRole('checkbox', { name });
  const row = rows(owner, 'Rules').filter({ hasText: 'two rooms' });
  const unknown = `room ${closed.id}, which you are not in`;
  await look(owner, 'Rules');
  await row.getByText(`in lobby, ${unknown}`).waitFor();
  await press(owner, 'Edit: two rooms');
  assert.deepEqual([await box('lobby').isChecked(), await box(unknown).isChecked(), await box('side street').isChecked()], [true, true, false]);
  await field(owner, 'What exactly').fill('anywhere');
  await press(owner, 'Keep switched off');
  await row.getByText('off', { exact: true }).waitFor();
  assert.deepEqual((({ pattern, rooms }) => ({ pattern, rooms }))(await stored()), { pattern: 'anywhere', rooms: [1, closed.id] });
  await press(owner, 'Edit: two rooms');
  await box(unknown).uncheck();
  await box('side street').check();
  await owner.assertAccessible('the rooms of a rule');
  await owner.shoot('moderation-rule-rooms');
  await press(owner, 'Try it');
  await press(owner, 'Switch on');
  await row.getByText('in lobby, side street').waitFor();
  assert.deepEqual((await stored()).rooms, [1, side.id]);
  await root.del(`/api/rules/${rule.id}`);
  await leave(owner);
});

test('what a rule did is undone from the rule', async () => {
  const { rule } = (await root.post('/api/rules', { kind: 'words', pattern: 'harmless', action: 'hide', name: 'too eager' })).body;
  const { message } = (await prey.post('/api/rooms/1/messages', { text: 'a harmless word' })).body;
  await look(owner, 'Rules');
  await press(owner, 'Undo its acts: too eager');
  await press(owner, 'Show what would be undone');
  await rows(owner, 'Undo').filter({ hasText: 'Held by a rule' }).waitFor();
  await press(owner, 'Undo 1 act');
  await rows(owner, 'Undo').getByText('undone', { exact: true }).waitFor();
  assert.equal((await moss.get(`/api/messages/${message.id}`)).body.message.text, 'a harmless word');
  await root.del(`/api/rules/${rule.id}`);
  await leave(owner);
});

test('whom a network ban hits is shown before it is made; it has an end, and is lifted', async () => {
  await stack.sql(`update data.session set address = '203.0.113.7' where person_id = ${prey.user.id}`);
  await look(owner, 'Networks');
  await field(owner, 'Address or network').fill('203.0.113.0/24');
  await person(owner, 'For how long').selectOption('7 days');
  await owner.dialog.getByRole('radio', { name: /Everything/ }).check();
  await press(owner, 'See whom it hits');
  await owner.dialog.getByText('From 203.0.113.0/24 there are in now: prey, with 1 session.').waitFor();
  assert.ok(await owner.dialog.getByRole('radio', { name: /Everything/ }).isChecked());
  await owner.assertAccessible('shutting a network out');
  await owner.shoot('moderation-network');
  await field(owner, 'Address or network').fill('198.51.100.0/24');
  await press(owner, 'See whom it hits');
  await owner.dialog.getByText('Nobody is in from 198.51.100.0/24 now.').waitFor();
  await press(owner, 'Shut out');
  await rows(owner, 'Shut out now').getByText(/Everything · until .* · by owner/).waitFor();
  await field(owner, 'Address or network').fill('10.0.0.0/8');
  await press(owner, 'See whom it hits');
  await owner.dialog.getByRole('alert').waitFor();
  await press(owner, 'Let in again: 198.51.100.0/24');
  await answer(owner, 'Let in again');
  await owner.dialog.getByText('No network is shut out.').waitFor();
  await leave(owner);
});

test('a role on the server is given after it was said what it means; who gets it sees it at once', async () => {
  const rita = await member('rita');
  const page = await browser.signedIn(rita);
  assert.equal(await page.button('Moderation').count(), 0);
  await look(owner, 'People and roles');
  await owner.dialog.getByRole('textbox', { name: 'Find somebody' }).fill('rita');
  await person(owner, 'Role of moss').waitFor({ state: 'detached' });
  await person(owner, 'Role of rita').selectOption('Moderator');
  await owner.page.getByText(/rita: Moderator. They moderate all channels/).waitFor();
  await answer(owner, 'Make Moderator');
  await page.button('Moderation').waitFor();
  await owner.dialog.getByRole('textbox', { name: 'Find somebody' }).fill('');
  await rows(owner, 'People and roles').locator('.badge', { hasText: 'Owner' }).waitFor();
  await owner.assertAccessible('people and roles');
  await owner.shoot('moderation-people');
  await page.button('Moderation').click();
  await page.dialog.getByRole('tab', { name: 'People and roles' }).click();
  await rows(page, 'People and roles').filter({ hasText: 'moss' }).getByText('Moderator', { exact: true }).waitFor();
  assert.equal(await person(page, 'Role of moss').count(), 0);
  assert.deepEqual(await person(page, 'Role of no raider').locator('option').allInnerTexts(), ['Guest', 'Member']);
  await leave(owner);
  await page.close();
});

test('who is banned is listed with the end and the reason, and let in again', async () => {
  const gone = await member('gone');
  await moss.put(`/api/bans/${gone.user.id}`, { reason: 'spam', messages: 'keep' });
  await look(owner, 'People and roles');
  await rows(owner, 'Banned from the server').getByText('banned · until it is lifted · by moss · spam').waitFor();
  await press(owner, 'Lift: gone');
  await owner.page.getByText('Lift the ban of gone?').waitFor();
  await answer(owner, 'Lift');
  await owner.dialog.getByText('Nobody is banned.').waitFor();
  await stack.client().signIn('/api/session', { name: 'gone', password: 'correct horse' });
  await leave(owner);
});

test('in a room its moderators give roles, lift mutes and read its audit; nobody else finds the place', async () => {
  const [keeper, guest] = [await member('keeper'), await member('visitor')];
  const { room } = (await keeper.post('/api/rooms', { kind: 'channel', name: 'garden' })).body;
  await guest.post(`/api/rooms/${room.id}/join`);
  const [page, other] = await Promise.all([browser.signedIn(keeper), browser.signedIn(guest)]);
  await Promise.all([page.enter('garden'), other.enter('garden')]);
  await other.button('Room settings').click();
  await other.button('Leave room').waitFor();
  assert.equal(await other.dialog.getByRole('button', { name: 'Moderation' }).count(), 0);
  await leave(other);
  await page.button('Room settings').click();
  await press(page, 'Moderation');
  await page.page.getByRole('dialog', { name: 'Moderation of garden' }).waitFor();
  await person(page, 'Role of visitor').selectOption('Moderator');
  await page.page.getByText('They remove messages and members here, mute and ban.').waitFor();
  await page.assertAccessible('giving a role');
  await answer(page, 'Make Moderator');
  await other.button('Room settings').click();
  await other.dialog.getByRole('button', { name: 'Moderation' }).waitFor();
  await leave(other);
  await keeper.put(`/api/rooms/${room.id}/mutes/${guest.user.id}`, { until: '9999-12-31T23:59:59.999Z', reason: 'calm down' });
  await other.page.getByText('You cannot write here').waitFor();
  await page.dialog.getByRole('tab', { name: 'Muted and banned' }).click();
  await rows(page, 'Muted and banned').getByText(/muted · until it is lifted · by keeper · calm down/).waitFor();
  await page.assertAccessible('who is muted in a room');
  await page.shoot('moderation-room');
  await press(page, 'Lift: visitor');
  await answer(page, 'Lift');
  await other.box.waitFor();
  await page.dialog.getByRole('tab', { name: 'Reports' }).click();
  await page.dialog.getByText('Nothing is reported.').waitFor();
  const { message } = (await guest.post(`/api/rooms/${room.id}/messages`, { text: 'weeds everywhere' })).body;
  await prey.post(`/api/rooms/${room.id}/join`);
  await prey.post(`/api/messages/${message.id}/report`, { reason: 'off topic' });
  await page.dialog.getByText('Reported by prey: off topic').waitFor();
  assert.equal(await page.dialog.getByRole('button', { name: 'Remove and ban', exact: true }).count(), 0);
  await page.assertAccessible('the reports of a room');
  await press(page, 'Remove message');
  await other.log.getByText('Removed by a moderator').waitFor();
  await page.dialog.getByText('Nothing is reported.').waitFor();
  await page.dialog.getByRole('tab', { name: 'Audit' }).click();
  await rows(page, 'Audit').filter({ hasText: 'Role in a room: visitor' }).waitFor();
  assert.equal(await person(page, 'Where').count(), 0);
  await Promise.all([page.close(), other.close()]);
});

test('of many acts the older ones are shown when they are wanted', async () => {
  const mule = await stack.guest('mule');
  for (let n = 1; n <= 60; n += 1) await root.put(`/api/rooms/1/mutes/${mule.user.id}`, { reason: `round ${n}.`, until: new Date(Date.now() + 3_600_000).toISOString() });
  await look(owner, 'Audit');
  await person(owner, 'What').selectOption('Muted');
  await press(owner, 'Show');
  await rows(owner, 'Audit').getByText('round 60.').waitFor();
  assert.equal(await rows(owner, 'Audit').count(), 50);
  await press(owner, 'Show older');
  await rows(owner, 'Audit').getByText('round 1.').waitFor();
  const rounds = (await rows(owner, 'Audit').allInnerTexts()).map((text) => Number(/round (\d+)\./.exec(text)?.[1])).filter(Boolean);
  assert.deepEqual(rounds, Array.from({ length: 60 }, (_, index) => 60 - index));
  assert.equal(await owner.dialog.getByRole('button', { name: 'Show older' }).count(), 0);
  await leave(owner);
});

test('settings are a form of what the server says there is; what changes is said before, and seen everywhere at once', async () => {
  const adam = await member('adam');
  await root.put(`/api/users/${adam.user.id}/role`, { role: 'admin' });
  const page = await browser.signedIn(adam);
  await Promise.all([look(owner, 'Settings'), look(page, 'Settings')]);
  const bound = owner.dialog.getByRole('spinbutton', { name: 'Posts of one person' });
  await bound.waitFor();
  assert.deepEqual([await bound.getAttribute('min'), await bound.getAttribute('max'), await bound.inputValue()], ['1', '1000000', '120']);
  assert.ok(await owner.dialog.getByRole('button', { name: 'Save settings' }).isDisabled());
  await page.dialog.getByRole('spinbutton', { name: 'Reports of one person' }).fill('7');
  await owner.dialog.getByRole('textbox', { name: 'What this server calls itself' }).fill('Our place');
  await owner.dialog.getByRole('checkbox', { name: /People may come in with a name alone/ }).uncheck();
  await owner.dialog.getByRole('spinbutton', { name: /Days after which messages go/ }).fill('30');
  await owner.dialog.getByText('3 changes, not saved yet').waitFor();
  await owner.assertAccessible('settings');
  await owner.shoot('moderation-settings');
  await press(owner, 'Save settings');
  const question = owner.page.getByRole('dialog', { name: 'Save settings' });
  await question.getByText(/calls itself: “Parley” becomes “Our place”\.\s.*name alone: yes becomes no\.\s.*: 0 becomes 30\.\sWhat is older goes soon after, .* 0 messages/).waitFor();
  await owner.shoot('moderation-settings-ask');
  await answer(owner, 'Save settings');
  await owner.page.locator('.server-name', { hasText: 'Our place' }).waitFor();
  await page.page.locator('.server-name', { hasText: 'Our place' }).waitFor();
  await page.dialog.getByRole('checkbox', { name: /name alone/, checked: false }).waitFor();
  assert.equal(await page.dialog.getByRole('spinbutton', { name: 'Reports of one person' }).inputValue(), '7');
  assert.equal((await stack.client().post('/api/session/guest', { name: 'late' })).body.code, 'guests_off');
  await root.patch('/api/settings', { name: null, guests: null, message_days: null });
  await leave(owner);
  await page.close();
});

for (const [name, options] of [['phone', PHONE], ['dark', { colorScheme: 'dark' }]]) {
  test(`all of it on a ${name === 'phone' ? 'phone' : 'dark desk'}`, async () => {
    const page = await browser.signedIn(root, options);
    if (name === 'phone') await page.button('Open the list of rooms').click();
    await page.button('Moderation').click();
    await page.dialog.getByRole('tab').first().waitFor();
    for (const section of await page.dialog.getByRole('tab').allInnerTexts()) {
      await page.dialog.getByRole('tab', { name: section, exact: true }).click();
      await page.dialog.getByRole('tabpanel', { name: section, exact: true }).getByRole('heading').first().waitFor();
      await page.assertAccessible(`${section}, ${name}`);
      await page.shoot(`moderation-${section.toLowerCase().replaceAll(' ', '-')}-${name}`);
      const over = await page.page.evaluate(() => { const box = document.querySelector('dialog'); return box.scrollWidth - box.clientWidth; });
      assert.ok(over <= 0, `${section} is ${over} px too wide`);
    }
    await page.close();
  });
}
