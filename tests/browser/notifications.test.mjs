// Notifications as a person meets them: asked for in the account, shown by the tab that leads, silent in a burst, gone when read elsewhere,
// and leading to the message. What the browser would show is written down by a stand-in of its Notification; one test has the real one.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stackForTests } from '../harness/stack.mjs';
import { browserForTests } from './page.mjs';

const GATHER_MS = 1_000; // as in model/notices.js

const stack = await stackForTests({ programs: ['api', 'stream'] });
const browser = await browserForTests(stack);
const bo = await stack.guest('bo');
const { room: side } = (await bo.post('/api/rooms', { kind: 'channel', name: 'aside' })).body;
const say = (text, room = side.id, more = {}) => bo.post(`/api/rooms/${room}/messages`, { text, ...more }).then(({ body }) => body.message);

/** Writes down what is shown: `shown` are those that are there now, `log` all that ever were. */
function standIn(permission) {
  globalThis.shown = new Map();
  globalThis.log = [];
  globalThis.Notification = class {
    static permission = permission;
    static async requestPermission() { globalThis.asked = true; return (this.permission = globalThis.answer ?? 'granted'); }
    constructor(title, options) {
      Object.assign(this, { title, ...options });
      globalThis.shown.set(options.tag, this);
      globalThis.log.push(`${title}: ${options.body}${options.silent ? ' (silent)' : ''}`);
    }
    close() { if (globalThis.shown.get(this.tag) === this) globalThis.shown.delete(this.tag); }
  };
}

const logOf = (person) => person.page.evaluate(() => globalThis.log);
/** What the page has heard until now would be shown by now: of two timers of the same length the one that was set first runs first. */
const gathered = (person) => person.page.evaluate((ms) => new Promise((done) => { setTimeout(done, ms); }), GATHER_MS);
const waitForShown = (person, texts) => person.sees((wanted) => JSON.stringify([...globalThis.shown.values()].map(({ title, body }) => `${title}: ${body}`)) === JSON.stringify(wanted), texts);

/** The other tab of the browser has gone: it waits for the lead no longer. A page that is being closed still reads for a while, and passes on what it hears. */
const alone = (person) => person.sees(async () => (await navigator.locks.query()).pending.length === 0);

/** Somebody in both rooms who looks at the lobby and has switched notifications on. */
async function reader(name) {
  const client = await stack.guest(name);
  await client.post(`/api/rooms/${side.id}/join`);
  const person = await browser.signedIn(client, {}, '/#/rooms/1');
  await person.page.context().addInitScript(standIn, 'granted');
  await person.page.reload();
  await person.log.waitFor();
  await openNotices(person);
  await person.dialog.getByRole('checkbox', { name: 'Notify me in this browser' }).check();
  const { token } = (await client.post('/api/me/tokens', { label: 'elsewhere' })).body;
  return Object.assign(person, { id: client.user.id, elsewhere: stack.client({ token }) });
}

async function openNotices(person) {
  await person.button(/Your account/).click();
  await person.dialog.getByRole('tab', { name: 'Notifications' }).click();
  await person.dialog.getByRole('checkbox', { name: 'Notify me in this browser' }).waitFor();
}

const closeDialog = async (person) => { await person.page.keyboard.press('Escape'); await person.dialog.waitFor({ state: 'detached' }); };

describe('the settings', () => {
  test('permission is asked for by a press and never before; what the browser forbids is told', async () => {
    const client = await stack.guest('nell');
    const person = await browser.signedIn(client);
    await person.page.context().addInitScript(standIn, 'default');
    await person.page.reload();
    await person.log.waitFor();
    await openNotices(person);
    assert.equal(await person.page.evaluate(() => globalThis.asked), undefined);
    await person.page.evaluate(() => { globalThis.answer = 'denied'; });
    await person.dialog.getByRole('checkbox', { name: 'Notify me in this browser' }).click();
    await person.dialog.getByText('The browser does not allow it').waitFor();
    assert.equal(await person.page.evaluate(() => globalThis.asked), true);
    assert.equal(await person.dialog.getByRole('checkbox', { name: 'Notify me in this browser' }).isChecked(), false);
    await person.assertAccessible('notifications, forbidden');
    await person.close();
  });

  test('hours in which nobody disturbs, kept in the account', async () => {
    const person = await reader('quinn');
    await person.dialog.getByRole('checkbox', { name: 'At certain hours' }).check();
    await person.dialog.getByLabel('From').fill('00:00');
    await person.dialog.getByLabel('From').press('Tab');
    await person.dialog.getByLabel('To').fill('23:59');
    await person.dialog.getByLabel('To').press('Tab');
    await person.assertAccessible('notifications');
    await person.shoot('account-notifications');
    await person.sees(async () => (await (await fetch('/api/me')).json()).user.settings.quiet?.to === '23:59');
    await closeDialog(person);
    await say('in the night');
    await person.room(/aside/).getByText('unread').waitFor({ state: 'attached' });
    await gathered(person);
    await openNotices(person);
    await person.dialog.getByRole('checkbox', { name: 'At certain hours' }).click();
    await person.sees(async () => !(await (await fetch('/api/me')).json()).user.settings.quiet);
    await closeDialog(person);
    await say('in the day');
    await waitForShown(person, ['bo in aside: in the day']);
    assert.deepEqual(await logOf(person), ['bo in aside: in the day']);
    await person.close();
  });
});

describe('a message elsewhere', () => {
  test('is shown with its author and room, once a burst with a sound, and leads to its place', async () => {
    const person = await reader('rosa');
    await closeDialog(person);
    await say('first');
    await waitForShown(person, ['bo in aside: first']);
    await say('second');
    await waitForShown(person, ['2 new messages: aside: bo: second']);
    assert.deepEqual(await logOf(person), ['bo in aside: first', '2 new messages: aside: bo: second (silent)']);
    await person.page.evaluate(() => [...globalThis.shown.values()][0].onclick());
    await person.page.getByRole('heading', { level: 1, name: 'aside' }).waitFor();
    await person.message('second').waitFor();
    await person.sees(() => globalThis.shown.size === 0);
    await person.close();
  });

  test('is withdrawn when it is read on another device, or removed', async () => {
    const person = await reader('sami');
    await closeDialog(person);
    const first = await say('to be read');
    await waitForShown(person, ['bo in aside: to be read']);
    await person.elsewhere.put(`/api/rooms/${side.id}/read`, { up_to: first.id });
    await waitForShown(person, []);
    const second = await say('to be removed');
    await waitForShown(person, ['bo in aside: to be removed']);
    await bo.del(`/api/messages/${second.id}`);
    await waitForShown(person, []);
    await person.close();
  });

  test('keeps to the level of its room, also one that was chosen in another tab, and to my blocks', async () => {
    const person = await reader('tove');
    await closeDialog(person);
    await person.elsewhere.put(`/api/blocks/${bo.user.id}`);
    await say('@tove unheard');
    await person.room(/aside.*1 unread/).waitFor();
    await gathered(person);
    assert.deepEqual(await logOf(person), []);
    await person.elsewhere.del(`/api/blocks/${bo.user.id}`);
    const second = await person.anotherTab();
    await second.enter('aside');
    await second.button('Room settings').click();
    await person.page.evaluate((id) => {
      new BroadcastChannel(`parley.${id}`).onmessage = ({ data }) => { globalThis.levelled ||= data.event?.type === 'level.changed'; };
    }, person.id);
    await second.dialog.getByRole('radio', { name: 'when I am mentioned' }).check();
    await person.sees(() => globalThis.levelled);
    await second.page.close();
    await alone(person);
    await say('for everybody');
    await say('@tove for you');
    await waitForShown(person, ['bo in aside: @tove for you']);
    await person.elsewhere.put(`/api/blocks/${bo.user.id}`);
    await waitForShown(person, []);
    await person.close();
  });
});

test('of two tabs only the one that leads shows it, and the other one after it has gone', async () => {
  const person = await reader('uma');
  await closeDialog(person);
  const second = await person.anotherTab();
  await openNotices(second); // from now on it would show some
  await closeDialog(second);
  await say('to one of us');
  await waitForShown(person, ['bo in aside: to one of us']);
  await second.room(/aside.*1 unread/).waitFor();
  await gathered(second);
  assert.deepEqual(await logOf(second), []);
  await person.page.close();
  await alone(second);
  await say('to the heir');
  await waitForShown(second, ['bo in aside: to the heir']);
  await second.close();
});

test('the browser’s own Notification takes what it is given', async () => {
  const client = await stack.guest('vera');
  await client.post(`/api/rooms/${side.id}/join`);
  const person = await browser.signedIn(client, { permissions: ['notifications'] }, '/#/rooms/1');
  await person.page.evaluate(() => {
    const real = globalThis.Notification;
    globalThis.Notification = class extends real {
      constructor(title, options) { super(title, options); globalThis.made = this; }
    };
  });
  await openNotices(person);
  await person.dialog.getByRole('checkbox', { name: 'Notify me in this browser' }).check();
  await closeDialog(person);
  await say('really');
  await person.sees(() => globalThis.made?.title === 'bo in aside' && globalThis.made.body === 'really' && globalThis.made.icon.endsWith('/icons/icon-192.png'));
  assert.deepEqual(person.complaints, []);
  await person.close();
});
