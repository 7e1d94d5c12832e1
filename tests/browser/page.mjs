// A browser for one test file, and people in it: each with a context of their own, so with cookies of their own.
//
//     const browser = await browserForTests(stack);
//     const ana = await browser.person('ana');
//     await ana.say('hi');
//     await ana.message('hi').waitFor();
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { until } from '../harness/owned.mjs';

const PATIENCE_MS = 15_000;
const SHOTS = fileURLToPath(new URL('../../build/screenshots/', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

export const launch = () => chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGUMENTS });

/** A Chromium that is closed after the tests of the file. */
export async function browserForTests(stack) {
  const chrome = await launch();
  after(() => chrome.close());
  return new Browser(chrome, stack);
}

class Browser {
  #chrome;
  #stack;

  constructor(chrome, stack) {
    this.#chrome = chrome;
    this.#stack = stack;
  }

  /** Without the service worker, which would answer before page.route() does; the tests of it allow it. */
  async #newContext(options) {
    const context = await this.#chrome.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', serviceWorkers: 'block', ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
  }

  /** A page that nobody has signed in to. */
  async stranger(options = {}, path = '/') {
    const context = await this.#newContext(options);
    const person = new Person(await context.newPage(), this.#stack);
    await person.page.goto(this.#stack.url + path);
    return person;
  }

  /** Somebody who came in by a name. */
  async person(name, options = {}) {
    const person = await this.stranger(options);
    await person.join(name);
    return person;
  }

  /** Somebody whom the API already knows (a client of the harness), in a page. */
  async signedIn(client, options = {}, path = '/') {
    const context = await this.#newContext(options);
    await context.addCookies([{ name: 'parley', value: client.token, url: this.#stack.url, httpOnly: true, sameSite: 'Lax' }]);
    const person = new Person(await context.newPage(), this.#stack);
    await person.page.goto(this.#stack.url + path);
    await person.log.waitFor();
    return person;
  }
}

/** What a person sees and does, by role and name only. */
export class Person {
  /** What the browser complained about; a test may look at it. */
  complaints = [];

  constructor(page, stack) {
    this.page = page;
    this.url = stack.url;
    page.on('pageerror', (error) => this.complaints.push(error.stack));
    page.on('console', (told) => { if (told.type() === 'error' && !/Failed to load resource|ERR_/.test(told.text())) this.complaints.push(told.text()); });
  }

  get log() { return this.page.getByRole('log', { name: 'Messages' }); }
  get box() { return this.page.getByRole('textbox', { name: 'Message', exact: true }); }
  get rooms() { return this.page.getByRole('navigation', { name: 'Rooms' }); }
  get people() { return this.page.getByRole('complementary', { name: 'People' }); }
  get side() { return this.page.getByRole('complementary'); }
  get dialog() { return this.page.getByRole('dialog'); }
  get status() { return this.page.getByRole('status'); }
  get lost() { return this.status.filter({ hasText: /^(Offline|Reconnecting)/ }); }

  button(name, options) { return this.page.getByRole('button', { name, ...options }); }
  room(name) { return this.rooms.getByRole('link', { name }); }
  message(text) { return this.log.getByRole('article').filter({ hasText: text }); }
  /** The message once the server has confirmed it. */
  confirmed(text) { return this.page.locator('article[data-id]:not([aria-busy])').filter({ hasText: text }); }

  async join(name) {
    await this.page.getByRole('textbox', { name: 'Name' }).fill(name);
    await this.button('Join').click();
    await this.log.waitFor();
  }

  async say(text) {
    await this.box.fill(text);
    await this.box.press('Enter');
  }

  async open(path) {
    await this.page.goto(`${this.url}/${path}`);
    await this.log.waitFor();
  }

  async enter(name) {
    await this.room(name).click();
    await this.page.getByRole('heading', { level: 1, name }).waitFor();
  }

  /** The same person in another tab of the same browser. */
  async anotherTab() {
    const person = new Person(await this.page.context().newPage(), { url: this.url });
    await person.page.goto(this.url);
    await person.log.waitFor();
    return person;
  }

  /** One of the actions of a message, as with a mouse. */
  async act(text, name) {
    const message = this.message(text).last();
    await message.hover();
    await message.getByRole('button', { name, exact: true }).click();
  }

  async choose(text, item) {
    await this.act(text, 'More actions');
    await this.page.getByRole('menuitem', { name: item, exact: true }).click();
  }

  /** Waits until `look`, run in the page, comes to something true. (For waitForFunction() a promise is true already.) */
  sees(look, argument) {
    if (look.constructor.name !== 'AsyncFunction') return this.page.waitForFunction(look, argument, { timeout: PATIENCE_MS });
    return until(look, () => this.page.evaluate(look, argument).catch(() => false), PATIENCE_MS); // while it loads, nothing can be seen
  }

  /** A call of the API as this page makes it. */
  call(method, path, body) {
    return this.page.evaluate(async ([verb, where, what]) => {
      const answer = await fetch(`/api${where}`, { method: verb, headers: { 'content-type': 'application/json' }, body: what && JSON.stringify(what) });
      const text = await answer.text();
      return { status: answer.status, body: text ? JSON.parse(text) : null };
    }, [method, path, body]);
  }

  /** axe-core finds nothing in what is shown now. */
  async assertAccessible(what) {
    await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate(async () => {
      await Promise.all(document.getAnimations().map((animation) => animation.finished)); // half faded in, nothing has contrast
      return globalThis.axe.run({ rules: { 'target-size': { enabled: true } } });
    });
    const told = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `  ${node.html.slice(0, 160)}\n  ${node.failureSummary}`).join('\n')}`);
    assert.equal(told.join('\n'), '', what);
  }

  /** A picture for whoever changed the page to look at. */
  async shoot(name) {
    mkdirSync(SHOTS, { recursive: true });
    await this.page.evaluate(() => document.fonts.ready);
    await this.page.screenshot({ path: `${SHOTS}${name}.png`, animations: 'disabled' });
  }

  close() { return this.page.context().close(); }
}

/** All the same text, once each, in this order: nothing lost, nothing doubled, as soon as the last gap is filled. */
export async function assertSameMessages(people, texts) {
  for (const person of people) {
    for (const text of texts) await person.message(text).first().waitFor();
    const shown = await person.log.getByRole('article').allInnerTexts();
    const found = shown.map((text) => texts.find((each) => text.includes(each))).filter(Boolean);
    assert.deepEqual(found, texts);
  }
}
