// Coming in by every door; rooms, groups, direct messages; who is here, who is writing, what one is called.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stackForTests } from '../harness/stack.mjs';
import { browserForTests } from './page.mjs';

const stack = await stackForTests({ env: { PARLEY_GRACE_MS: '500' } });
const browser = await browserForTests(stack);
const ana = await browser.person('ana');
const bo = await browser.person('bo larsen');

describe('coming in', () => {
  test('with an account: made here, signed out, signed in again', async () => {
    const cy = await browser.stranger();
    await cy.button('Create an account').click();
    await cy.page.getByRole('textbox', { name: 'Name' }).fill('cy');
    await cy.page.getByLabel('Password').fill('correct horse battery');
    await cy.assertAccessible('making an account');
    await cy.shoot('welcome-register');
    await cy.button('Create account').click();
    await cy.log.waitFor();
    await cy.button(/Your account/).click();
    await cy.button('Sign out').click();
    await cy.button('I have an account').click();
    await cy.page.getByRole('textbox', { name: 'Name' }).fill('cy');
    await cy.page.getByLabel('Password').fill('wrong');
    await cy.button('Sign in').click();
    await cy.page.getByRole('alert').waitFor();
    await cy.page.getByLabel('Password').fill('correct horse battery');
    await cy.button('Sign in').click();
    await cy.log.waitFor();
    await cy.close();
  });

  test('by a sign-in link, once', async () => {
    const token = (await stack.psql(['-A', '-t', '-f', 'sql/admin/first-owner.sql'], 'parley_admin')).trim();
    const owner = await browser.stranger({}, `/#/link/${token}`);
    await owner.log.waitFor();
    await owner.button(/Your account: owner/).waitFor();
    const again = await browser.stranger({}, `/#/link/${token}`);
    await again.page.getByText('This link has been used already').waitFor();
    await again.assertAccessible('a used link');
    await again.shoot('link-used');
    await again.close();
    await owner.close();
  });

  test('by an invitation, which says who invites to what', async () => {
    const room = (await ana.call('POST', '/rooms', { kind: 'group', name: 'garden' })).body.room;
    const { token } = (await ana.call('POST', '/invites', { rooms: [room.id] })).body;
    const guest = await browser.stranger({}, `/#/invite/${token}`);
    await guest.page.getByText(/ana invites you to garden/).waitFor();
    await guest.assertAccessible('an invitation');
    await guest.shoot('invitation');
    await guest.join('dee');
    await guest.room('garden').waitFor();
    await guest.close();
    const gone = await browser.stranger({}, '/#/invite/nothing');
    await gone.page.getByText('This invitation is over').waitFor();
    await gone.close();
  });

  test('with an account that is made by the last use of an invitation', async () => {
    const room = (await ana.call('POST', '/rooms', { kind: 'group', name: 'orchard' })).body.room;
    const { token } = (await ana.call('POST', '/invites', { rooms: [room.id], uses: 1 })).body;
    const gwen = await browser.stranger({}, `/#/invite/${token}`);
    await gwen.button('Create an account').click();
    await gwen.page.getByRole('textbox', { name: 'Name' }).fill('gwen');
    await gwen.page.getByLabel('Password').fill('correct horse battery');
    await gwen.button('Create account').click();
    await gwen.page.getByRole('heading', { level: 1, name: 'orchard' }).waitFor();
    await gwen.room('orchard').waitFor();
    await gwen.close();
  });
});

describe('the way in, when the server does not answer', () => {
  for (const [what, path, pattern] of [['a sign-in link', '/#/link/anything', '**/api/session/link'], ['an invitation', '/#/invite/anything', '**/api/invites/**']]) {
    test(`${what} is not called used up: one can try again`, async () => {
      const nobody = await browser.stranger();
      await nobody.page.route(pattern, (route) => route.abort());
      await nobody.page.goto(stack.url + path);
      await nobody.page.getByRole('heading', { name: 'The server could not be reached.' }).waitFor();
      await nobody.assertAccessible(`${what} without a server`);
      await nobody.page.unroute(pattern);
      await nobody.button('Try again').click();
      await nobody.page.getByRole('heading', { name: /been used already|is over/ }).waitFor();
      await nobody.close();
    });
  }
});

describe('rooms', () => {
  test('a channel is made, found by another, entered, talked in, left', async () => {
    await ana.button('New room').click();
    await ana.page.getByRole('textbox', { name: 'Room title' }).fill('design');
    await ana.page.getByRole('textbox', { name: 'Topic' }).fill('How it looks');
    await ana.assertAccessible('making a room');
    await ana.shoot('new-room');
    await ana.button('Create room').click();
    await ana.page.getByRole('heading', { level: 1, name: 'design' }).waitFor();
    await bo.button('Browse channels').click();
    await bo.dialog.getByRole('link', { name: 'design' }).waitFor();
    await bo.assertAccessible('browsing channels');
    await bo.shoot('browse');
    await bo.dialog.getByRole('link', { name: 'design' }).click();
    await bo.page.getByText('You are not in design.').waitFor();
    await bo.assertAccessible('the door of a channel');
    await bo.shoot('front-door');
    await bo.button('Enter design').click();
    await bo.say('nice room');
    await ana.message('nice room').waitFor();
    await bo.button('Room settings').click();
    await bo.button('Leave room').click();
    await bo.assertAccessible('a question');
    await bo.shoot('question');
    await bo.dialog.getByRole('button', { name: 'Leave room' }).click();
    await bo.room('design').waitFor({ state: 'detached' });
  });

  test('what one may not do is not offered', async () => {
    await bo.enter('lobby');
    await bo.button('Room settings').click();
    await bo.dialog.waitFor();
    assert.equal(await bo.dialog.getByRole('textbox', { name: 'Topic' }).count(), 0);
    await bo.page.keyboard.press('Escape');
    await ana.enter('lobby');
    await ana.say('not yours to remove');
    await bo.message('not yours to remove').waitFor();
    await bo.act('not yours to remove', 'More actions');
    assert.deepEqual(await bo.page.getByRole('menuitem').allInnerTexts(), ['Pin', 'Copy link', 'About ana', 'Report']);
    await bo.page.keyboard.press('Escape');
  });

  test('a room is renamed and archived; everyone sees it, nobody writes', async () => {
    await ana.enter('design');
    await bo.call('POST', `/rooms/${new URL(ana.page.url()).hash.split('/')[2]}/join`);
    await bo.room('design').waitFor();
    await ana.button('Room settings').click();
    await ana.shoot('room-settings');
    await ana.assertAccessible('the settings of a room');
    await ana.page.getByRole('textbox', { name: 'Room title' }).fill('drawing');
    await ana.page.getByRole('checkbox').check();
    await ana.button('Save').click();
    await bo.enter('drawing');
    await bo.page.getByText('This room is archived.').waitFor();
    assert.equal(await bo.box.count(), 0);
    await bo.assertAccessible('an archived room');
    await bo.shoot('archived');
  });

  test('a group: people are added and taken out again', async () => {
    await ana.button('New room').click();
    await ana.page.getByRole('textbox', { name: 'Room title' }).fill('secret');
    await ana.page.getByRole('radio', { name: /Group/ }).check();
    await ana.button('Create room').click();
    await ana.button('Add people').click();
    await ana.page.getByRole('textbox', { name: 'Find somebody' }).fill('nobody of that name');
    await ana.page.getByText('Nobody of that name.').waitFor();
    await ana.page.getByRole('textbox', { name: 'Find somebody' }).fill('larsen');
    await ana.dialog.getByRole('button', { name: 'Add bo larsen' }).waitFor();
    await ana.assertAccessible('adding people');
    await ana.shoot('add-people');
    await ana.button('Add bo larsen').click();
    await bo.room('secret').waitFor();
    await ana.page.keyboard.press('Escape');
    await bo.enter('secret');
    await ana.people.getByRole('button', { name: 'bo larsen' }).click();
    await ana.assertAccessible('a person');
    await ana.shoot('person');
    await ana.button('Remove bo larsen from the room').click();
    await ana.dialog.getByRole('button', { name: 'Remove bo larsen from the room' }).click();
    await bo.room('secret').waitFor({ state: 'detached' });
    await bo.page.getByText('You are no longer in secret.').waitFor();
    await ana.page.getByText('Remove bo larsen from the room: done').waitFor();
    await ana.button('Undo').click();
    await bo.enter('secret');
    await ana.people.getByRole('button', { name: 'bo larsen' }).click();
    await ana.button('Remove bo larsen from the room').click();
    await ana.dialog.getByRole('button', { name: 'Remove bo larsen from the room' }).click();
    await bo.page.getByText('You are no longer in secret.').waitFor();
    await bo.assertAccessible('a room that one was taken out of');
    await bo.shoot('taken-out');
  });

  test('who is muted reads, and writes again when the time is over', async () => {
    const { room } = (await ana.call('POST', '/rooms', { kind: 'channel', name: 'quiet' })).body;
    await bo.call('POST', `/rooms/${room.id}/join`);
    await bo.enter('quiet');
    const me = (await bo.call('GET', '/me')).body.user.id;
    await ana.call('PUT', `/rooms/${room.id}/mutes/${me}`, { until: new Date(Date.now() + 3000).toISOString(), reason: 'calm' });
    await bo.page.getByText('You cannot write here until').waitFor();
    assert.equal(await bo.box.count(), 0);
    await bo.assertAccessible('a room in which one is muted');
    await bo.box.waitFor();
  });

  test('what the server refuses is said in its own words, in the dialog that asked', async () => {
    await bo.button('New room').click();
    await bo.page.getByRole('textbox', { name: 'Room title' }).fill('drawing');
    await bo.page.getByRole('radio', { name: /Group/ }).check();
    await bo.page.route('**/api/rooms', (route) => route.fulfill({ status: 429, contentType: 'application/problem+json',
      body: JSON.stringify({ status: 429, code: 'slow_down', title: 'That was a lot of rooms.' }) }));
    await bo.button('Create room').click();
    await bo.dialog.getByRole('alert').filter({ hasText: 'That was a lot of rooms.' }).waitFor();
    assert.ok(await bo.page.getByRole('radio', { name: /Group/ }).isChecked(), 'what was chosen is still there');
    await bo.page.unroute('**/api/rooms');
    await bo.page.keyboard.press('Escape');
  });

  test('a page from before an update loads itself anew when it misses a part', async () => {
    const old = await browser.person('old page');
    await old.page.route('**/view/dialogs/all.js', (route) => route.fulfill({ status: 404, body: '' }), { times: 1 });
    await old.box.fill('half a thought');
    const reloaded = old.page.waitForEvent('load');
    await old.button('Browse channels').click();
    await reloaded;
    await old.button('Browse channels').click();
    await old.dialog.waitFor();
    assert.equal(await old.box.inputValue(), 'half a thought');
    await old.close();
  });

  test('a room that does not exist says so', async () => {
    await bo.page.goto(`${stack.url}/#/rooms/123456789`);
    await bo.page.getByText('There is no such room').waitFor();
    await bo.assertAccessible('a room that does not exist');
    await bo.shoot('no-room');
    await bo.room('lobby').click();
    await bo.log.waitFor();
  });

  test('a direct message opens one room for the two', async () => {
    await ana.button('Message somebody').click();
    await ana.page.getByRole('textbox', { name: 'Find somebody' }).fill('bo');
    await ana.dialog.getByRole('button', { name: 'bo larsen' }).click();
    await ana.page.getByText('Between you and bo larsen.').waitFor();
    assert.equal(await ana.button('Add people').count(), 0);
    await ana.assertAccessible('a direct room');
    await ana.shoot('direct-empty');
    await ana.say('just us');
    await bo.room('ana').click();
    await bo.message('just us').waitFor();
  });
});

describe('people', () => {
  test('who is here stands first, and goes when they go', async () => {
    await ana.enter('lobby');
    const eve = await browser.person('eve');
    await ana.people.getByRole('button', { name: 'eve' }).waitFor();
    await ana.sees(() => document.querySelector('.person-online .dot-online') && [...document.querySelectorAll('.person-online')].some((each) => each.textContent.includes('eve')));
    await eve.close();
    await ana.sees(() => [...document.querySelectorAll('.person-offline')].some((each) => each.textContent.includes('eve')));
  });

  test('who is writing is said, and not after the message is there', async () => {
    await bo.enter('lobby');
    await bo.box.pressSequentially('hm');
    await ana.page.getByText('bo larsen is typing…').waitFor();
    await bo.box.press('Enter');
    await ana.message('hm').waitFor();
    await ana.page.getByText('bo larsen is typing…').waitFor({ state: 'detached' });
  });

  test('a new name is seen everywhere at once', async () => {
    await bo.button(/Your account/).click();
    await bo.page.getByRole('textbox', { name: 'New name' }).fill('bob');
    await bo.assertAccessible('one’s account');
    await bo.shoot('account');
    await bo.button('Change my name').click();
    await ana.people.getByRole('button', { name: 'bob' }).waitFor();
    await ana.message('hm').filter({ hasText: 'bob' }).waitFor();
    await ana.room('bob').waitFor();
  });
});

test('none of this made the browser complain', () => assert.deepEqual([...ana.complaints, ...bo.complaints], []));
