// The page in German: chosen by the browser or in the account, only that language loaded, every view whole, dates and refusals included.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stackForTests } from '../harness/stack.mjs';
import { browserForTests } from './page.mjs';

const GERMAN = { locale: 'de-DE' };
const PHONE = { ...GERMAN, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const NARROW = { ...GERMAN, viewport: { width: 320, height: 640 } };

const stack = await stackForTests({ env: { PARLEY_GRACE_MS: '600000' } });
const browser = await browserForTests(stack);
const [owner, mara, jonas] = await Promise.all([stack.owner(), stack.guest('Mara'), stack.guest('Jonas')]);
const post = (who, room, text, more) => who.post(`/api/rooms/${room}/messages`, { text, ...more }).then(({ body }) => body.message);
const { room: design } = (await mara.post('/api/rooms', { kind: 'channel', name: 'gestaltung', topic: 'Schrift, Farbe und Ruhe' })).body;
await Promise.all([owner, jonas].map((who) => who.post(`/api/rooms/${design.id}/join`)));
const first = await post(mara, design.id, 'Die neue Ansicht ist auf dem Testrechner.');
await post(jonas, design.id, '@Mara sieht ruhig aus!', { reply_to: first.id });
const gone = await post(jonas, design.id, 'Das nehme ich zurück.');
await jonas.del(`/api/messages/${gone.id}`);
await mara.put(`/api/messages/${first.id}/pin`);
await jonas.put(`/api/messages/${first.id}/reactions/${encodeURIComponent('👍')}`);
await mara.post('/api/rooms', { kind: 'channel', name: 'leer' });
await mara.put(`/api/directs/${jonas.user.id}`);
await jonas.post(`/api/messages/${first.id}/report`, { reason: 'Probe' });

/** In German, accessible, with nothing cut off, and a picture of it. */
async function assertWhole(person, what) {
  await person.assertAccessible(`in German: ${what}`);
  await person.shoot(`deutsch-${what}`);
  const cut = await person.page.evaluate(() => {
    const beyond = document.documentElement.scrollWidth - innerWidth > 0 ? ['the page is too wide'] : [];
    const told = document.querySelectorAll('button, label, legend, option, h1, h2, h3, p, .told, .hint, [role="menuitem"], [role="status"]');
    const pen = document.createElement('canvas').getContext('2d');
    const fits = (input) => {
      const style = getComputedStyle(input);
      pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      const crossOut = input.type === 'search' ? parseFloat(style.fontSize) * 1.5 : 0; // the browser's own button has its place
      return pen.measureText(input.placeholder).width + crossOut <= input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    };
    return [...beyond,
      ...[...told].filter((each) => each.checkVisibility() && !each.closest('.unseen') && each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflow !== 'visible').map((each) => each.innerText),
      ...[...document.querySelectorAll('input[placeholder]')].filter((each) => each.checkVisibility() && !fits(each)).map((each) => each.placeholder)];
  });
  assert.deepEqual(cut, [], what);
}

async function inGerman(client, options = GERMAN) {
  const person = await browser.stranger(options);
  await person.page.context().addCookies([{ name: 'parley', value: client.token, url: stack.url, httpOnly: true, sameSite: 'Lax' }]);
  await person.page.goto(`${stack.url}/#/rooms/${design.id}`);
  await person.page.reload();
  await person.page.getByRole('log', { name: 'Nachrichten' }).waitFor();
  return person;
}

const article = (person, text) => person.page.getByRole('article').filter({ hasText: text }).first();
const press = (person, name) => person.page.getByRole('button', { name, exact: true }).first().click();

describe('chosen by the browser', () => {
  test('the way in, in German, and only German is loaded', async () => {
    const asked = [];
    const german = await browser.stranger(GERMAN);
    german.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await german.page.reload();
    await german.page.getByRole('button', { name: 'Beitreten' }).waitFor();
    assert.equal(await german.page.locator('html').getAttribute('lang'), 'de');
    assert.deepEqual(asked.filter((path) => path.includes('/words/')).map((path) => path.split('/').at(-1)), ['de.js']);
    await assertWhole(german, 'willkommen');
    await press(german, 'Konto anlegen');
    await assertWhole(german, 'konto-anlegen');
    await german.close();
  });

  test('a language that the page does not have is English, and a dialect is its language', async () => {
    for (const [locale, join] of [['pt-BR', 'Join'], ['de-AT', 'Beitreten']]) {
      const person = await browser.stranger({ locale });
      await person.button(join).waitFor();
      await person.close();
    }
  });

  test('a refusal of the server is told in German, beside the field that it is about', async () => {
    const person = await browser.stranger(GERMAN);
    await person.page.getByRole('textbox', { name: 'Name' }).fill('Mara');
    await press(person, 'Beitreten');
    await person.page.getByText('Diesen Namen hat schon jemand. Wähle einen anderen.').waitFor();
    await person.close();
  });
});

describe('every view', () => {
  for (const [name, options] of [['tisch', GERMAN], ['telefon', PHONE], ['schmal', NARROW], ['dunkel', { ...GERMAN, colorScheme: 'dark' }]]) {
    test(`a room: ${name}`, async () => {
      const person = await inGerman(mara, options);
      await article(person, 'sieht ruhig aus').waitFor();
      await person.page.getByText('Vom Verfasser entfernt').waitFor();
      await person.page.getByText('Heute', { exact: true }).waitFor();
      await assertWhole(person, `raum-${name}`);
      await person.close();
    });
  }

  test('a phone: the drawer and the people', async () => {
    const person = await inGerman(mara, PHONE);
    await press(person, 'Liste der Räume öffnen');
    await assertWhole(person, 'telefon-raeume');
    await person.page.getByRole('navigation', { name: 'Räume' }).getByRole('link', { name: 'lobby' }).tap();
    await press(person, 'Personen anzeigen');
    await person.page.getByRole('complementary', { name: 'Personen' }).getByText('Jonas').waitFor();
    await assertWhole(person, 'telefon-personen');
    await person.close();
  });

  test('panels: search, mentions, pins, reports', async () => {
    const person = await inGerman(owner);
    await press(person, 'Angeheftete Nachrichten');
    await person.side.getByText('Die neue Ansicht').waitFor();
    await assertWhole(person, 'angeheftet');
    await press(person, 'Erwähnungen');
    await person.side.getByText('Noch hat dich niemand erwähnt.').waitFor();
    await assertWhole(person, 'erwaehnungen');
    await person.page.getByRole('searchbox', { name: 'Suchen' }).fill('nirgends');
    await person.side.getByText('Nichts gefunden für „nirgends“.').waitFor();
    await assertWhole(person, 'suche');
    await press(person, 'Meldungen');
    await person.side.getByText('Gemeldet von Jonas: Probe').waitFor();
    await assertWhole(person, 'meldungen');
    await person.close();
  });

  test('dialogs', async () => {
    const person = await inGerman(owner);
    const dialog = async (open, what) => {
      await open();
      await person.dialog.waitFor();
      await assertWhole(person, what);
      await person.page.keyboard.press('Escape');
      await person.dialog.waitFor({ state: 'detached' });
    };
    const aboutMara = () => person.page.getByRole('complementary', { name: 'Personen' }).getByRole('button', { name: 'Mara' }).click();
    await dialog(() => person.page.getByRole('button', { name: /Dein Konto/ }).click(), 'konto');
    await dialog(() => press(person, 'Neuer Raum'), 'neuer-raum');
    await dialog(() => press(person, 'Kanäle durchsuchen'), 'kanaele');
    await dialog(() => press(person, 'Einstellungen des Raums'), 'einstellungen');
    await dialog(aboutMara, 'person');
    await dialog(async () => { await aboutMara(); await press(person, 'Mara vom Server sperren'); }, 'sperren');
    await dialog(async () => { await article(person, 'neue Ansicht').hover(); await press(person, 'Weitere Aktionen'); await person.page.getByRole('menuitem', { name: 'Melden' }).click(); }, 'melden');
    await dialog(() => press(person, 'Emoji einfügen'), 'emoji');
    await person.close();
  });

  for (const [name, options] of [['tisch', GERMAN], ['schmal', NARROW]]) {
    test(`the account and moderation, section by section: ${name}`, async () => {
      const person = await inGerman(owner, options);
      const drawer = person.button('Liste der Räume öffnen');
      for (const [opener, last] of [[/Dein Konto/, 'Deine Daten'], ['Moderation', 'Rückgängig machen']]) {
        const way = person.page.getByRole('button', { name: opener });
        if (!await way.isVisible()) await drawer.click();
        await way.click();
        await person.dialog.getByRole('tab', { name: last }).waitFor();
        for (const section of await person.dialog.getByRole('tab').allInnerTexts()) {
          await person.dialog.getByRole('tab', { name: section, exact: true }).click();
          await person.dialog.getByRole('tabpanel', { name: section, exact: true }).locator('form, h3, input').first().waitFor();
          await assertWhole(person, `${section.toLowerCase().replaceAll(/\W+/g, '-')}-${name}`);
        }
        await person.page.keyboard.press('Escape');
      }
      await person.close();
    });
  }

  test('emoji are found by their German names', async () => {
    const person = await inGerman(jonas);
    await press(person, 'Emoji einfügen');
    await person.page.getByRole('textbox', { name: 'Emoji suchen' }).fill('schildkröte');
    await person.page.getByRole('button', { name: 'Schildkröte' }).click();
    await person.sees(() => document.querySelector('textarea').value === '🐢');
    await person.page.getByRole('textbox', { name: 'Nachricht' }).fill('');
    await person.close();
  });

  test('a connection that is lost', async () => {
    const person = await inGerman(jonas);
    await person.page.context().setOffline(true);
    await person.status.filter({ hasText: /^Offline\. Was du schreibst/ }).waitFor();
    await assertWhole(person, 'offline');
    await person.close();
  });
});

describe('chosen in the account', () => {
  test('takes effect at once, keeps the draft, is kept, and can be given back to the browser', async () => {
    const person = await browser.signedIn(jonas, {}, `/#/rooms/${design.id}`);
    await person.box.fill('ein halber Satz');
    await person.button(/Your account/).click();
    await person.dialog.getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Deutsch' });
    const box = person.page.getByRole('textbox', { name: 'Nachricht', exact: true });
    await box.waitFor();
    assert.equal(await box.inputValue(), 'ein halber Satz');
    await person.page.reload();
    await box.waitFor();
    await box.fill('');
    await person.button(/Dein Konto/).click();
    await person.dialog.getByRole('combobox', { name: 'Sprache' }).selectOption({ label: 'Wie der Browser: English' });
    await person.box.waitFor();
    assert.equal(await person.page.locator('html').getAttribute('lang'), 'en');
    assert.deepEqual(person.complaints, []);
    await person.close();
  });
});
