// What one does against somebody from the page: reporting, the queue of those who moderate, blocking, muting, banning with a preview.
import assert from 'node:assert/strict';
import test from 'node:test';
import { stackForTests } from '../harness/stack.mjs';
import { browserForTests } from './page.mjs';

const stack = await stackForTests({ programs: ['api', 'stream'] });
const browser = await browserForTests(stack);
const ownerClient = await stack.owner();
const owner = await browser.signedIn(ownerClient);
const ana = await browser.person('ana');
const bo = await browser.person('bo');
const mossClient = await stack.client().signIn('/api/users', { name: 'moss', password: 'correct horse' });
await ownerClient.put(`/api/users/${mossClient.user.id}/role`, { role: 'moderator' });
const moss = await browser.signedIn(mossClient);

const closeNotice = (who) => who.page.locator('.toast').getByRole('button', { name: 'Close' }).click();

const person = async (who, name) => {
  await who.people.getByRole('button', { name: new RegExp(`^${name}`) }).first().click();
  await who.dialog.waitFor();
};

test('what somebody reports stands in the queue at once, and is resolved there in one step', async () => {
  await bo.say('something rude');
  await ana.message('something rude').waitFor();
  await owner.button('Reports').click();
  await owner.side.getByText('Nothing is reported').waitFor();
  await ana.choose('something rude', 'Report');
  await ana.dialog.getByRole('textbox', { name: 'Reason' }).fill('not nice');
  await ana.assertAccessible('reporting');
  await ana.shoot('report');
  await ana.dialog.getByRole('button', { name: 'Report', exact: true }).click();
  await closeNotice(ana);
  await owner.side.getByText('Reported by ana: not nice').waitFor();
  await owner.shoot('reports');
  await owner.assertAccessible('reports');
  await owner.side.getByRole('button', { name: 'Remove message' }).click();
  await bo.log.getByText('Removed by a moderator').waitFor();
  await owner.side.getByText('Nothing is reported').waitFor();
  await owner.shoot('report-undo');
  await owner.button('Undo').click();
  await bo.message('something rude').waitFor();
  await owner.side.getByRole('button', { name: 'Dismiss' }).click();
  await owner.side.getByText('Nothing is reported').waitFor();
  await owner.page.getByText('Dismiss: done').waitFor();
  await owner.button('Undo').click();
  await owner.side.getByRole('button', { name: 'Remove message' }).click();
  await owner.side.getByText('Nothing is reported').waitFor();
  await owner.side.getByRole('button', { name: 'Close' }).click();
});

test('a decision against a person is said before it is taken; nobody decides on a message of their own or of their betters', async () => {
  await bo.say('rude again');
  await ana.message('rude again').waitFor();
  await ana.choose('rude again', 'Report');
  await ana.dialog.getByRole('button', { name: 'Report', exact: true }).click();
  await closeNotice(ana);
  await owner.say('said by the owner');
  await ana.message('said by the owner').waitFor();
  await ana.choose('said by the owner', 'Report');
  await ana.dialog.getByRole('button', { name: 'Report', exact: true }).click();
  await owner.button('Reports').click();
  const entry = (text) => owner.side.getByRole('listitem').filter({ hasText: text });
  await entry('said by the owner').waitFor();
  assert.equal(await entry('said by the owner').getByRole('button').count(), 0);
  await entry('rude again').getByRole('button', { name: 'Remove and mute' }).click();
  await owner.dialog.getByText('bo: They read on in this room, and do not post, react or edit. Until somebody lifts it.').waitFor();
  await owner.dialog.getByRole('button', { name: 'Remove and mute' }).click();
  await bo.page.getByText('You cannot write here').waitFor();
  await entry('rude again').waitFor({ state: 'detached' });
  await owner.page.getByText('Mute bo: done').waitFor();
  await owner.button('Undo').click();
  await bo.box.waitFor();
  await owner.side.getByRole('button', { name: 'Close' }).click();
});

test('a moderator removes the message of another by its menu; the way back is for admins', async () => {
  await bo.say('off the topic');
  await moss.choose('off the topic', 'Remove');
  await moss.dialog.getByText('Remove this message?').waitFor();
  await moss.dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await bo.log.getByText('Removed by a moderator').nth(2).waitFor();
  assert.equal(await moss.button('Undo').count(), 0);
  await bo.say('removed by mistake');
  await owner.choose('removed by mistake', 'Remove');
  await owner.dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await bo.message('removed by mistake').waitFor({ state: 'detached' });
  await owner.page.getByText('Remove: done').waitFor();
  await owner.button('Undo').click();
  await bo.message('removed by mistake').waitFor();
});

test('from a message one comes to its author, also to somebody who left, and mutes; what would be refused is not offered', async () => {
  const gone = await stack.guest('gone');
  await gone.post('/api/rooms/1/messages', { text: 'said and left' });
  await gone.post('/api/rooms/1/leave');
  await moss.page.reload();
  await moss.choose('said and left', 'About gone');
  await moss.assertAccessible('an author');
  await moss.shoot('person-from-message');
  assert.equal(await moss.dialog.getByRole('button', { name: 'Remove gone from the room' }).count(), 0);
  await moss.dialog.getByRole('button', { name: 'Mute gone' }).click();
  await moss.dialog.getByText('They read on in this room').waitFor();
  await moss.dialog.getByRole('button', { name: 'Mute gone' }).click();
  await moss.page.getByText('Mute gone: done').waitFor();
  await closeNotice(moss);
  const { sanctions } = (await mossClient.get('/api/rooms/1/sanctions')).body;
  assert.deepEqual(sanctions.map(({ kind, user }) => [kind, user.name]), [['mute', 'gone']]);
  await moss.choose('said by the owner', 'About owner');
  await moss.dialog.getByRole('button', { name: 'Block owner' }).waitFor();
  assert.equal(await moss.dialog.getByRole('button', { name: /^(Mute|Ban|Remove) / }).count(), 0);
  await moss.page.keyboard.press('Escape');
  await bo.act('removed by mistake', 'More actions');
  await bo.page.getByRole('menuitem', { name: 'Copy link' }).waitFor();
  assert.equal(await bo.page.getByRole('menuitem', { name: /^About|^Report/ }).count(), 0);
  await bo.page.keyboard.press('Escape');
});

test('of whom was erased nothing is offered', async () => {
  const brief = await stack.guest('brief');
  await brief.post('/api/rooms/1/messages', { text: 'of no one now' });
  await brief.del('/api/me?messages=keep');
  await moss.log.getByText('removed person', { exact: false }).first().waitFor();
  await moss.act('of no one now', 'More actions');
  await moss.page.getByRole('menuitem', { name: 'Copy link' }).waitFor();
  assert.equal(await moss.page.getByRole('menuitem', { name: /^About/ }).count(), 0);
  await moss.page.keyboard.press('Escape');
});

test('nothing is offered that would be refused', async () => {
  assert.equal(await ana.button('Reports').count(), 0);
  await person(ana, 'owner');
  assert.equal(await ana.dialog.getByRole('button', { name: /^(Mute|Ban) / }).count(), 0);
  await ana.page.keyboard.press('Escape');
});

test('whom one blocks is collapsed, and comes back when one blocks them no longer', async () => {
  await bo.say('words of bo');
  await ana.message('words of bo').waitFor();
  await person(ana, 'bo');
  await ana.dialog.getByRole('button', { name: 'Block bo' }).click();
  await ana.dialog.getByRole('button', { name: 'Block bo no longer' }).waitFor();
  await ana.log.getByText('somebody whom you block').first().waitFor();
  assert.equal(await ana.message('words of bo').count(), 0);
  await ana.dialog.getByRole('button', { name: 'Block bo no longer' }).click();
  await ana.message('words of bo').waitFor();
  await ana.page.keyboard.press('Escape');
});

test('a mute says what it does, and its target is told until when', async () => {
  await person(owner, 'bo');
  await owner.dialog.getByRole('button', { name: 'Mute bo' }).click();
  await owner.dialog.getByText('They read on in this room').waitFor();
  await owner.dialog.getByRole('combobox', { name: 'For how long' }).selectOption('1 hour');
  await owner.dialog.getByRole('textbox', { name: 'Reason' }).fill('calm down');
  await owner.shoot('mute');
  await owner.assertAccessible('mute');
  await owner.dialog.getByRole('button', { name: 'Mute bo' }).click();
  await bo.page.getByText('You cannot write here until').waitFor();
  await owner.page.getByText('Mute bo: done').waitFor();
  await owner.assertAccessible('a notice with a way back');
  await owner.button('Undo').click();
  await bo.box.waitFor();
});

test('a ban says first what it touches, and signs its target out', async () => {
  await person(owner, 'bo');
  await owner.dialog.getByRole('button', { name: 'Ban bo from the server' }).click();
  await owner.dialog.getByText(/It ends 1 session/).waitFor();
  await owner.dialog.getByRole('checkbox', { name: /Hide all their messages/ }).check();
  await owner.dialog.getByText(/hides [1-9]\d* message/).waitFor();
  await owner.assertAccessible('ban');
  await owner.shoot('ban');
  await owner.dialog.getByRole('button', { name: 'Ban bo from the server' }).click();
  await bo.page.getByText('You have been banned').waitFor();
  await ana.log.getByText('Removed by a moderator').nth(1).waitFor();
});
