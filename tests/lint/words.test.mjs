// The words of the page: none outside of lib/words/, the same ones in every language, and one for every refusal of the server.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Linter } from 'eslint';
import { LANGUAGES } from '../../web/lib/language.js';
import { files, matches } from './tree.mjs';
import { wordsRule } from './words-rule.mjs';

const OF_THE_SERVER = 'en'; // its refusals bring their sentence in this language
const all = Object.fromEntries(await Promise.all(LANGUAGES.map(async (language) => [language, {
  ...(await import(`../../web/lib/words/${language}.js`))[language],
  more: (await import(`../../web/lib/words/more/${language}.js`)).more,
}])));
const others = LANGUAGES.filter((language) => language !== OF_THE_SERVER);

test('the rule finds words in templates, in attributes that are spoken and in what is set on an element', () => {
  const config = { plugins: { page: { rules: { words: wordsRule } } }, rules: { 'page/words': 'error' }, languageOptions: { sourceType: 'module' } };
  const found = (code) => new Linter().verify(code, config).map(({ message }) => message);
  const bad = [
    'html`<p>Hello</p>`', 'html`<p class="a">${name} is here</p>`', 'html`<button aria-label="Close" />`', "html`<${Field} label=${'Name'} />`",
    "html`<p>${on ? 'Yes' : words.no}</p>`", 'html`<p>${a && `so ${b}`}</p>`', "document.title = 'Parley';", "box.setAttribute('aria-label', 'Box');",
  ];
  const good = [
    'html`<p class="hint" id="x">${words.hint} · ${count}</p>`', 'html`<${Icon} name="close" small />`', 'html`<button aria-label=${words.close} title=${words.close}>${"×"}</button>`',
    'html`<p>${list.map((each) => html`<b>${each}</b>`)}</p>`', 'html`<code>curl</code>`', "html`<p class=${on ? 'wide' : 'narrow'}>${words.a}</p>`",
    'html`<div aria-busy=${loading === "first"} onClick=${() => go("#/")}>${words.b}</div>`',
  ];
  for (const code of bad) assert.equal(found(code).length, 1, code);
  for (const code of good) assert.deepEqual(found(code), [], code);
});

/** Every word with the names of what it is told: "rooms.title (name, count)". */
function shapeOf(words, path = '') {
  return Object.entries(words).flatMap(([key, value]) => {
    const name = path + key;
    if (typeof value === 'function') return [`${name} ${/^[^=]*?(?==>)|^\([^]*?\) (?==>)/.exec(String(value))[0].trim().replace(/^\(|\)$/g, '')}`];
    return value && typeof value === 'object' ? shapeOf(value, `${name}.`) : [name];
  }).sort();
}

const own = ({ problems, more, ...words }) => ({ ...words, more: { ...more, settings: {} }, faults: {}, problems: { unreachable: problems.unreachable, other: problems.other } });

for (const language of others) {
  test(`${language} has the same words as ${OF_THE_SERVER}, with the same parameters`, () => {
    assert.deepEqual(shapeOf(own(all[language])), shapeOf(own(all[OF_THE_SERVER])));
  });

  test(`no word of ${language} is empty, nor left in another language`, () => {
    const same = shapeOf(own(all[language])).filter((name) => /^[\w.]+$/.test(name)).map((name) => [name, ...LANGUAGES.map((each) => name.split('.').reduce((words, key) => words[key], all[each]))])
      .filter(([, ...texts]) => /\p{L}{4}.*\s/u.test(texts[0]) && new Set(texts).size < texts.length);
    assert.deepEqual(same, []);
  });

  test(`${language} says what each setting is for, and of no other`, () => {
    const settings = matches('sql/rule/settings.sql', /^ {4}\('([a-z_]+)',/gm).map(({ match }) => match[1]).filter((key) => key !== 'raid_until');
    assert.deepEqual(Object.keys(all[language].more.settings).sort(), settings.sort());
  });

  test(`${language} has a sentence for every refusal of the server, and for no other`, () => {
    const { unreachable, other, ...problems } = all[language].problems;
    assert.ok(unreachable && other);
    assert.deepEqual(Object.keys(problems).sort(), codesOfTheServer());
  });
}

/** The codes of all problem documents, from the sources that make them. */
function codesOfTheServer() {
  const codes = [
    ...files('sql', ['.sql']).flatMap((file) => matches(file, /refuse\(\s*\d{3},\s*'([a-z_]+)'|'code', '([a-z_]+)'/g)),
    ...files('fcgi', ['.c']).flatMap((file) => matches(file, /(?<!\{)\b[45]\d\d,\s*"([a-z_]+)",\s*"[A-Z]/g)),
    ...files('nginx', ['.conf']).flatMap((file) => matches(file, /"code":"([a-z_]+)"/g)),
  ].map(({ match }) => match[1] ?? match[2]);
  return [...new Set(codes)].sort();
}

test('words and dates are not put together by hand', () => {
  const wrong = files('web', ['.js']).filter((file) => !file.startsWith('web/vendor/'))
    .flatMap((file) => matches(file, /\.toLocale(?:Date|Time)?String\(|\.toFixed\(|\.get(?:Hours|Minutes|Date|Day|Month|FullYear)\(|localeCompare\((?!b\.at\))|[!=]== 1 \? '[a-z]*' : 's'/g));
  assert.deepEqual(wrong.map(({ file, line }) => `${file}:${line}`), []);
});

test('what the server says of a field reaches the page through complaintOf, which knows the reader’s language', () => {
  const wrong = files('web/view', ['.js']).flatMap((file) => matches(file, /\.fields\b|\bproblem\??\.title\b/g));
  assert.deepEqual(wrong.map(({ file, line }) => `${file}:${line}`), []);
});
