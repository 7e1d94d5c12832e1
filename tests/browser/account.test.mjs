// One's own account: sessions, password, tokens and bots, invitations, blocks, export and erasing, each told to whom it concerns.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { stackForTests } from '../harness/stack.mjs';
import { browserForTests } from './page.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const PASSWORD = 'correct horse';

const stack = await stackForTests({ programs: ['api', 'stream'] });
const browser = await browserForTests(stack);
const member = (name) => stack.client().signIn('/api/users', { name, password: PASSWORD });

/** Opens the account, or one of its sections. */
async function look(person, section) {
  await person.button(/Your account/).click();
  if (section) await person.dialog.getByRole('tab', { name: section }).click();
}

const field = (person, name) => person.dialog.getByRole('textbox', { name });
const press = (person, name) => person.dialog.getByRole('button', { name, exact: true }).click();
const rows = (person, list) => person.dialog.getByRole('list', { name: list }).getByRole('listitem');

test('a guest becomes a member, keeps id and messages, and comes in from elsewhere', async () => {
  const ana = await browser.person('ana');
  const other = await browser.person('other');
  await ana.say('written as a guest');
  const { id } = (await ana.call('GET', '/me')).body.user;
  await look(ana, 'Signing in');
  await ana.dialog.getByText('You are here as a guest').waitFor();
  await ana.assertAccessible('signing in, a guest');
  await ana.shoot('account-guest');
  await ana.dialog.getByLabel('New password').fill(PASSWORD);
  await press(ana, 'Become a member');
  await ana.dialog.getByRole('heading', { name: 'Change password' }).waitFor();
  const { token } = await stack.client().signIn('/api/session', { name: 'ana', password: PASSWORD });
  const { user } = (await stack.client({ token }).get('/api/me')).body;
  assert.deepEqual([user.id, user.role], [id, 'member']);
  await other.message('written as a guest').waitFor();
  await Promise.all([ana.close(), other.close()]);
});

test('where a new account needs an invitation a guest gives its link, and where none is made says so', async () => {
  const [owner, gil] = [await stack.owner(), await browser.person('gil')];
  await owner.patch('/api/settings', { registration: 'invite' });
  const { token } = (await owner.post('/api/invites')).body;
  await gil.page.reload();
  await look(gil, 'Signing in');
  await field(gil, 'Invitation link').fill(`${stack.url}/#/invite/${token}`);
  await gil.dialog.getByLabel('New password').fill(PASSWORD);
  await press(gil, 'Become a member');
  await gil.dialog.getByRole('heading', { name: 'Change password' }).waitFor();
  const guest = await browser.person('late');
  await owner.patch('/api/settings', { registration: 'closed' });
  await guest.page.reload();
  await look(guest, 'Signing in');
  await guest.dialog.getByText('This server takes no new accounts at the moment.').waitFor();
  assert.equal(await guest.dialog.getByLabel('New password').count(), 0);
  await owner.patch('/api/settings', { registration: null });
  await Promise.all([gil.close(), guest.close()]);
});

test('where one is signed in is listed, and ended from here while the other page looks on', async () => {
  const bo = await member('bo');
  const [here, there] = [await browser.signedIn(bo), await browser.signedIn(await stack.client().signIn('/api/session', { name: 'bo', password: PASSWORD }))];
  await look(here, 'Signing in');
  await here.dialog.getByText('This one').waitFor();
  assert.equal(await rows(here, 'Where you are signed in').count(), 2);
  await here.assertAccessible('signing in');
  await here.shoot('account-security');
  await here.dialog.getByRole('button', { name: /^Sign out / }).click();
  await there.page.getByText('Your session has ended').waitFor();
  await here.dialog.getByText('Signed out there.').waitFor();
  await rows(here, 'Where you are signed in').nth(1).waitFor({ state: 'detached' });
  await Promise.all([here.close(), there.close()]);
});

test('a new password ends all other sessions; a wrong one of now is refused in words', async () => {
  const cy = await member('cy');
  const [here, there] = [await browser.signedIn(cy), await browser.signedIn(await stack.client().signIn('/api/session', { name: 'cy', password: PASSWORD }))];
  await look(here, 'Signing in');
  await here.dialog.getByLabel('Present password').fill('wrong horse');
  await here.dialog.getByLabel('New password').fill('another horse');
  await press(here, 'Change password');
  await here.dialog.getByRole('alert').waitFor();
  await here.dialog.getByLabel('Present password').fill(PASSWORD);
  await press(here, 'Change password');
  await there.page.getByText('Your session has ended').waitFor();
  await here.dialog.getByText('You are signed out everywhere else.').waitFor();
  assert.equal(await here.dialog.getByLabel('New password').inputValue(), '');
  await stack.client().signIn('/api/session', { name: 'cy', password: 'another horse' });
  await Promise.all([here.close(), there.close()]);
});

test('who lost the password sets a new one after a sign-in link, and is not asked for the old one', async () => {
  await member('flo');
  const token = (await stack.psql(['-A', '-t', '-v', 'user=flo', '-f', 'sql/admin/reset-password.sql'], 'parley_admin')).split('/').pop();
  const flo = await browser.signedIn(await stack.client().signIn('/api/session/link', { token }));
  await look(flo, 'Signing in');
  assert.equal(await flo.dialog.getByLabel('Present password').count(), 0);
  await flo.dialog.getByLabel('New password').fill('another horse');
  await press(flo, 'Change password');
  await flo.dialog.getByLabel('Present password').waitFor();
  await stack.client().signIn('/api/session', { name: 'flo', password: 'another horse' });
  await flo.close();
});

test('a token is made, shown once, copied, used, and revoked', async () => {
  const dee = await browser.signedIn(await member('dee'));
  await dee.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await look(dee, 'Tokens and bots');
  await field(dee, 'What it is for').fill('backup');
  await press(dee, 'Make a token');
  const made = field(dee, 'The token “backup”');
  await made.waitFor();
  await dee.dialog.getByText('It is shown this once.').waitFor();
  await dee.dialog.getByRole('button', { name: 'Copy' }).click();
  await dee.dialog.getByRole('button', { name: 'Copied' }).waitFor();
  const token = await made.inputValue();
  assert.equal(await dee.page.evaluate(() => navigator.clipboard.readText()), token);
  assert.equal((await stack.client({ token }).get('/api/me')).body.user.name, 'dee');
  await dee.assertAccessible('tokens and bots');
  await dee.shoot('account-tokens');
  await press(dee, 'Revoke backup');
  await dee.page.getByRole('dialog', { name: 'Revoke' }).getByText(/shut out at once/).waitFor();
  await dee.page.getByRole('dialog', { name: 'Revoke' }).getByRole('button', { name: 'Revoke' }).click();
  await dee.dialog.getByText('No tokens.').waitFor();
  assert.equal(await made.count(), 0);
  assert.equal((await stack.client({ token }).get('/api/me')).status, 401);
  await dee.close();
});

test('a bot is made with its token, speaks, and is ended; guests have none', async () => {
  const eve = await browser.signedIn(await member('eve'));
  await look(eve, 'Tokens and bots');
  await field(eve, 'Name of the bot').fill('beeper');
  await press(eve, 'Make a bot');
  const token = await field(eve, 'The first token of beeper').inputValue();
  await stack.client({ token }).post('/api/rooms/1/messages', { text: 'beep' });
  await eve.message('beep').waitFor();
  await press(eve, 'End beeper');
  await eve.page.getByRole('dialog', { name: 'End beeper' }).getByRole('button', { name: 'End beeper' }).click();
  await eve.dialog.getByText('No bots.').waitFor();
  assert.equal((await stack.client({ token }).get('/api/me')).status, 401);
  await eve.page.keyboard.press('Escape');
  await eve.message('beep').getByText('removed person').waitFor();
  await eve.close();
  const guest = await browser.person('gus');
  await look(guest, 'Tokens and bots');
  await guest.dialog.getByText('No tokens.').waitFor();
  assert.equal(await field(guest, 'Name of the bot').count(), 0);
  await guest.close();
});

test('an invitation with an end and a number of uses leads a stranger in, and leads nowhere when it is withdrawn', async () => {
  const fay = await browser.signedIn(await member('fay'));
  await fay.call('POST', '/rooms', { kind: 'group', name: 'garden' });
  await fay.room('garden').waitFor();
  await look(fay, 'Invitations');
  await fay.dialog.getByRole('combobox', { name: 'For how long' }).selectOption('1 day');
  await fay.dialog.getByRole('spinbutton', { name: 'Number of uses' }).fill('2');
  await fay.dialog.getByRole('combobox', { name: 'Leads into' }).selectOption('garden');
  await press(fay, 'Make an invitation');
  const link = await field(fay, 'The link').inputValue();
  await rows(fay, 'Open invitations').getByText(/2 left/).waitFor();
  await fay.assertAccessible('invitations');
  await fay.shoot('account-invites');
  const guest = await browser.stranger({}, new URL(link).hash.replace('#', '/#'));
  await guest.page.getByText('fay invites you to garden').waitFor();
  await guest.join('hal');
  await guest.room('garden').waitFor();
  await fay.page.keyboard.press('Escape');
  await look(fay, 'Invitations');
  await rows(fay, 'Open invitations').getByText(/Used 1 time, 1 left/).waitFor();
  await fay.dialog.getByRole('button', { name: /^Withdraw the invitation/ }).click();
  await fay.page.getByRole('dialog', { name: 'Withdraw' }).getByRole('button', { name: 'Withdraw' }).click();
  await fay.dialog.getByText('No invitation is open.').waitFor();
  await guest.page.goto(link);
  await guest.page.reload();
  await guest.page.getByText('This invitation is over').waitFor();
  await Promise.all([fay.close(), guest.close()]);
});

test('whom one blocks is listed, and let go from there', async () => {
  const ida = await browser.signedIn(await member('ida'));
  const jo = await stack.guest('jo');
  await jo.post('/api/rooms/1/messages', { text: 'words of jo' });
  await ida.message('words of jo').waitFor();
  await ida.call('PUT', `/blocks/${jo.user.id}`);
  await ida.log.getByText('somebody whom you block').waitFor();
  await look(ida, 'Blocked people');
  await rows(ida, 'Blocked people').getByText('jo').waitFor();
  await ida.assertAccessible('blocked people');
  await ida.shoot('account-blocks');
  await press(ida, 'Unblock jo');
  await ida.dialog.getByText('You block nobody.').waitFor();
  await ida.message('words of jo').waitFor();
  await ida.close();
});

test('everything of one’s own is taken along as a file', async () => {
  const kim = await browser.signedIn(await member('kim'));
  await kim.say('mine to take');
  await kim.confirmed('mine to take').waitFor();
  await look(kim, 'Your data');
  await kim.dialog.getByText(/One file, a JSON object a line/).waitFor();
  const [download] = await Promise.all([kim.page.waitForEvent('download'), kim.dialog.getByRole('link', { name: 'Download everything' }).click()]);
  const lines = readFileSync(await download.path(), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(lines[0].user.name, 'kim');
  assert.ok(lines.some(({ type, message }) => type === 'message' && message.text === 'mine to take'));
  await kim.close();
});

for (const [choice, left] of [['They stay', 'removed person'], ['They go, too', 'Removed by its author']]) {
  test(`erasing says what it takes, is confirmed by the name, and others see it: ${choice}`, async () => {
    const name = `lou ${choice.length}`;
    const lou = await browser.signedIn(await member(name));
    const witness = await browser.person(`witness ${choice.length}`);
    await lou.say(`farewell of ${name}`);
    await witness.message(`farewell of ${name}`).waitFor();
    await look(lou, 'Your data');
    await lou.dialog.getByText(/This concerns 1 message, 0 images, 1 session, and 0 bots/).waitFor();
    await lou.dialog.getByRole('radio', { name: choice }).check();
    assert.ok(await lou.dialog.getByRole('button', { name: 'Erase my account' }).isDisabled());
    await field(lou, /Write your name/).fill(name);
    await lou.assertAccessible('erasing');
    await lou.shoot('account-data');
    await press(lou, 'Erase my account');
    await lou.page.getByText('Your account is erased.').waitFor();
    await witness.log.getByText(left).first().waitFor();
    assert.equal(await witness.message(`farewell of ${name}`).count(), choice === 'They stay' ? 1 : 0);
    await Promise.all([lou.close(), witness.close()]);
  });
}

for (const [name, options] of [['phone', PHONE], ['dark', { colorScheme: 'dark' }]]) {
  test(`the account on a ${name === 'phone' ? 'phone' : 'dark desk'}, by keyboard from section to section`, async () => {
    const person = await browser.signedIn(await member(`mia ${name}`), options);
    if (name === 'phone') await person.button('Open the list of rooms').click();
    await look(person);
    await person.dialog.getByRole('tab', { name: 'Profile' }).focus();
    for (const section of ['Notifications', 'Signing in', 'Tokens and bots', 'Invitations', 'Blocked people', 'Your data']) {
      await person.page.keyboard.press('ArrowDown');
      await person.dialog.getByRole('tabpanel', { name: section }).getByRole('heading').first().waitFor();
      await person.assertAccessible(`${section}, ${name}`);
      await person.shoot(`account-${section.toLowerCase().replaceAll(' ', '-')}-${name}`);
    }
    const over = await person.page.evaluate(() => { const box = document.querySelector('dialog'); return box.scrollWidth - box.clientWidth; });
    assert.ok(over <= 0, `${over} px too wide`);
    await person.close();
  });
}
