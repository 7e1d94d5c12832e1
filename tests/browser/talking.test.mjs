// Two browsers talk through the whole server, and nothing is lost or doubled whatever is cut off in between.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '../harness/owned.mjs';
import { stackForTests } from '../harness/stack.mjs';
import { assertSameMessages, browserForTests } from './page.mjs';

const POSTS = '**/api/rooms/*/messages';

const stack = await stackForTests();
const browser = await browserForTests(stack);
const ana = await browser.person('ana');
const bo = await browser.person('bo');

/** Stops a program where it is, without a word to anybody, until the returned function is called. */
function freeze(name) {
  const group = -stack.processes[name].pid;
  process.kill(group, 'SIGSTOP');
  return () => process.kill(group, 'SIGCONT');
}

const serverAnswers = (person) => person.sees(async () => (await fetch('/api/hello').catch(() => ({ ok: false }))).ok);

/** Fails or delays the posts of one page until the returned function is called. */
async function holdPosts(person, how) {
  const handler = (route) => (route.request().method() === 'POST' ? how(route) : route.fallback());
  await person.page.route(POSTS, handler);
  return () => person.page.unroute(POSTS, handler);
}

test('a name is enough: then the lobby, who wrote what and when, live on both sides', async () => {
  await ana.say('hello from ana');
  await bo.message('hello from ana').waitFor();
  await bo.say('hello from bo');
  await ana.message('hello from bo').waitFor();
  const shown = ana.message('hello from bo');
  assert.match(await shown.innerText(), /bo/);
  assert.ok(Date.parse(await shown.locator('time').first().getAttribute('datetime')) > 0);
  const late = await browser.person('late');
  await late.message('hello from ana').waitFor();
  await late.close();
});

test('a name that is taken is refused with a sentence, and the field is marked', async () => {
  const other = await browser.stranger();
  await other.page.getByRole('textbox', { name: 'Name' }).fill('ana');
  await other.button('Join').click();
  await other.page.locator('.complaint').first().waitFor();
  await other.assertAccessible('a name that is refused');
  await other.shoot('welcome-refused');
  await other.join('ana the second');
  await other.close();
});

test('what is sent is drawn at once and marked as busy until it is confirmed', async () => {
  let came;
  const held = new Promise((done) => { came = done; });
  const free = await holdPosts(ana, (route) => came(route));
  await ana.say('slowly');
  await ana.page.locator('article[aria-busy="true"]').filter({ hasText: 'slowly' }).waitFor();
  assert.equal(await bo.message('slowly').count(), 0);
  await (await held).continue(); // what is drawn need not have come here yet
  await ana.confirmed('slowly').waitFor();
  await bo.message('slowly').waitFor();
  await free();
});

test('what fails stays in its place with Retry, and Retry sends it once', async () => {
  const free = await holdPosts(ana, (route) => route.abort());
  await ana.say('second try');
  const retry = ana.message('second try').getByRole('button', { name: 'Retry' });
  await retry.waitFor();
  await ana.shoot('message-failed');
  await ana.assertAccessible('a failed message');
  await free();
  await retry.click();
  await ana.confirmed('second try').waitFor();
  await bo.message('second try').waitFor();
  assert.deepEqual([await ana.message('second try').count(), await bo.message('second try').count()], [1, 1]);
});

test('the answer got lost but the message arrived: sending again does not double it', async () => {
  const free = await holdPosts(ana, async (route) => { await route.fetch(); await route.abort(); });
  await ana.say('answer lost');
  await bo.message('answer lost').waitFor();
  await ana.confirmed('answer lost').waitFor();
  await free();
  await ana.say('and on');
  await assertSameMessages([ana, bo], ['second try', 'answer lost', 'and on']);
});

test('Discard gives the text back to the writer', async () => {
  const free = await holdPosts(ana, (route) => route.abort());
  await ana.say('thought better');
  await ana.message('thought better').getByRole('button', { name: 'Discard' }).click();
  await ana.message('thought better').waitFor({ state: 'detached' });
  assert.equal(await ana.box.inputValue(), 'thought better');
  await ana.box.fill('');
  await free();
});

test('what is too long is said before it is sent', async () => {
  await ana.box.fill('x'.repeat(8001));
  await ana.page.getByText('1 character too long').waitFor();
  await ana.box.press('Enter');
  assert.equal(await ana.box.inputValue().then((text) => text.length), 8001);
  await ana.box.fill('');
});

test('Shift+Enter breaks the line, composing keeps Enter, spaces alone are not sent', async () => {
  await ana.box.fill('first');
  await ana.box.press('Shift+Enter');
  await ana.box.pressSequentially('the line below');
  await ana.box.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
  assert.equal(await ana.box.inputValue(), 'first\nthe line below');
  await ana.box.press('Enter');
  await bo.message('the line below').waitFor();
  const count = await ana.log.getByRole('article').count();
  await ana.say('   ');
  assert.equal(await ana.log.getByRole('article').count(), count);
  await ana.box.fill('');
});

describe('the server goes away and comes back', () => {
  test('the stream’s program is killed: a word on it, then nothing lost and nothing doubled', async () => {
    await stack.processes.stream.stop('SIGKILL');
    await ana.lost.waitFor();
    await ana.say('while the stream is down');
    await ana.confirmed('while the stream is down').waitFor();
    stack.startProgram('stream');
    await ana.sees(() => !document.querySelector('[role="status"]').textContent);
    await bo.say('and up again');
    await assertSameMessages([ana, bo], ['while the stream is down', 'and up again']);
  });

  test('everything is down: what is written waits in its place and goes out by itself', async () => {
    await stack.processes.nginx.stop('SIGKILL');
    await ana.lost.waitFor();
    await bo.lost.waitFor();
    await ana.say('written in the dark');
    await ana.message('written in the dark').getByRole('button', { name: 'Retry' }).waitFor();
    await ana.button('Try now').waitFor();
    await ana.shoot('connection-lost');
    await ana.assertAccessible('a lost connection');
    stack.startNginx();
    await ana.confirmed('written in the dark').waitFor({ timeout: 40_000 });
    await bo.message('written in the dark').waitFor({ timeout: 40_000 });
    await assertSameMessages([ana, bo], ['and up again', 'written in the dark']);
    assert.equal(await ana.button('Retry').count(), 0);
  });

  test('"try now" does not wait for the countdown', async () => {
    await stack.processes.nginx.stop('SIGKILL');
    await ana.button('Try now').waitFor();
    stack.startNginx();
    await serverAnswers(ana);
    await ana.button('Try now').click({ timeout: 2000 }).catch(() => {});
    await ana.lost.waitFor({ state: 'hidden' });
  });
});

describe('the server is slow, or half of it is gone', () => {
  test('a server that takes its time: the message stays marked as on its way, and is there once', async () => {
    const thaw = freeze('api');
    await ana.say('slow server');
    await ana.page.locator('article[aria-busy="true"]').filter({ hasText: 'slow server' }).waitFor();
    await ana.box.fill('typing goes on');
    assert.equal(await ana.button('Retry').count(), 0);
    thaw();
    await ana.confirmed('slow server').waitFor();
    await bo.message('slow server').waitFor();
    assert.deepEqual([await bo.message('slow server').count(), await ana.box.inputValue()], [1, 'typing goes on']);
    await ana.box.fill('');
  });

  test('nobody takes messages while the stream goes on: it says why, and Retry sends it', async () => {
    await stack.processes.api.stop('SIGKILL');
    await ana.say('to nobody');
    await ana.message('to nobody').getByText('It is tried again by itself.').waitFor();
    await ana.assertAccessible('a message that nobody took');
    stack.startProgram('api');
    await serverAnswers(ana);
    await ana.message('to nobody').getByRole('button', { name: 'Retry' }).click({ timeout: 3000 }).catch(() => {}); // or it has gone by itself
    await ana.confirmed('to nobody').waitFor();
    await assertSameMessages([ana, bo], ['slow server', 'to nobody']);
  });

  test('a stream that is silent for too long counts as lost, also after the machine has slept', async () => {
    const sleeper = await browser.stranger();
    await sleeper.page.clock.install();
    await sleeper.page.reload();
    await sleeper.join('sleeper');
    await sleeper.message('to nobody').waitFor();
    const thaw = freeze('stream');
    await ana.say('while you slept');
    assert.equal(await sleeper.lost.count(), 0);
    await sleeper.page.clock.fastForward(60_000);
    await sleeper.lost.waitFor();
    thaw();
    await sleeper.message('while you slept').waitFor();
    await sleeper.close();
  });
});

describe('the reader’s own network', () => {
  test('offline: says so, keeps what is written over a reload, and sends it once', async () => {
    await ana.page.context().setOffline(true);
    await ana.status.filter({ hasText: /^Offline/ }).waitFor();
    await ana.say('from the tunnel');
    await ana.message('from the tunnel').getByRole('button', { name: 'Retry' }).waitFor();
    await ana.box.fill('a draft from the tunnel');
    await ana.page.context().setOffline(false);
    await ana.page.reload();
    await ana.confirmed('from the tunnel').waitFor();
    await bo.message('from the tunnel').waitFor();
    assert.equal(await bo.message('from the tunnel').count(), 1);
    assert.equal(await ana.box.inputValue(), 'a draft from the tunnel');
    await ana.box.fill('');
  });
});

describe('several tabs of one browser', () => {
  test('have one stream; when the one that holds it goes, another goes on', async () => {
    const cy = await browser.person('cy');
    const context = cy.page.context();
    const second = await context.newPage();
    await second.goto(stack.url);
    const inSecond = (text) => second.getByRole('log').getByRole('article').filter({ hasText: text });
    await bo.say('to both tabs');
    await cy.message('to both tabs').waitFor();
    await inSecond('to both tabs').waitFor();
    const streams = await second.evaluate(() => performance.getEntriesByType('resource').filter((each) => each.name.includes('/api/events')).length);
    assert.equal(streams, 0);
    await cy.page.close();
    await bo.say('to the heir');
    await inSecond('to the heir').waitFor();
    await context.close();
  });

  test('somebody who is busy in one is not idle for the others; who has been idle is back with a new load', async () => {
    const dana = await browser.stranger();
    const told = [];
    dana.page.context().on('request', (request) => { if (request.url().endsWith('/api/me/activity')) told.push(request.postDataJSON().state); });
    await dana.page.clock.install(); // of both tabs
    await dana.page.reload();
    await dana.join('dana');
    const second = await dana.anotherTab();
    await dana.page.clock.fastForward(4 * 60_000);
    const seenAt = () => dana.page.evaluate(() => JSON.parse(localStorage[Object.keys(localStorage).find((key) => key.endsWith('.activity'))]).seenAt);
    const before = await seenAt();
    await second.page.keyboard.press('Shift');
    await until('the one tab knows of the other', async () => await seenAt() > before);
    await dana.page.clock.fastForward(2 * 60_000);
    for (const { page } of [dana, second]) await page.evaluate(() => fetch('/api/hello')); // later than what they told
    assert.deepEqual(told, []);
    await dana.page.clock.fastForward(6 * 60_000);
    await until('idle', () => told.includes('idle'));
    await second.page.reload();
    await until('active again', () => told.at(-1) === 'active');
    await dana.page.context().close();
  });

  test('signing out in one ends all of them', async () => {
    const cy = await browser.person('cy the second');
    const second = await cy.page.context().newPage();
    await second.goto(stack.url);
    await second.getByRole('log').waitFor();
    await cy.button(/Your account/).click();
    await cy.button('Sign out').click();
    await cy.button('Join').waitFor();
    await second.getByRole('button', { name: 'Join' }).waitFor();
    await cy.close();
  });
});

test('a proxy that holds the stream back: messages come all the same', async () => {
  const page = await browser.stranger();
  await page.page.addInitScript(() => {
    globalThis.EventSource = class extends EventTarget { readyState = 1; close() { this.readyState = 2; } };
    const real = globalThis.setTimeout;
    globalThis.setTimeout = (run, ms, ...rest) => real(run, ms > 500 ? ms / 20 : ms, ...rest); // a patient test in a hurry
  });
  await page.page.reload();
  await page.join('behind a proxy');
  await bo.say('through the needle’s eye');
  await page.message('through the needle’s eye').waitFor();
  await page.close();
});

test('none of this made the browser complain', () => assert.deepEqual([...ana.complaints, ...bo.complaints], []));
