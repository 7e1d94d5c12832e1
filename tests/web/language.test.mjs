// Which language it is, and how numbers and refusals sound in it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { languageFor } from '../../web/lib/language.js';
import { createNumbers } from '../../web/lib/numbers.js';

const WORDS = new URL('../../web/lib/words.js', import.meta.url).href;

/** What an expression comes to in a page that speaks German: the words are those of one language for as long as the page lives. */
function inGerman(expression) {
  const script = `globalThis.localStorage = { getItem: () => '"de"' };
    const { complaintOf, sentenceOf, words } = await import('${WORDS}'); console.log(JSON.stringify(${expression}));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
}

test('the chosen one, else the first of the browser’s that there is, whatever its dialect, else English', () => {
  const cases = [['de', ['en-GB'], 'de'], [null, ['de-AT', 'en'], 'de'], [null, ['fr', 'DE'], 'de'], [null, ['fr-CA', 'pt'], 'en'], ['klingon', ['de'], 'de'], [null, [], 'en'], ['constructor', [], 'en']];
  for (const [chosen, wanted, language] of cases) assert.equal(languageFor(chosen, wanted), language, `${chosen} ${wanted}`);
});

test('numbers, amounts, lists and times as the language has them', () => {
  const [en, de] = ['en', 'de'].map(createNumbers);
  const told = ({ number, count, percent, list, megabytes, soon, time }) => [number(1234.5), count(1, 'a', 'b'), count(0, 'a', 'b'), percent(20), list(['x', 'y', 'z']), megabytes(20), soon(5, 'second'), time(1, 'day')]
    .map((text) => text.replaceAll('\u00a0', ' '));
  assert.deepEqual(told(en), ['1,234.5', '1 a', '0 b', '20%', 'x, y, and z', '20 MB', 'in 5 seconds', '1 day']);
  assert.deepEqual(told(de), ['1.234,5', '1 a', '0 b', '20 %', 'x, y und z', '20 MB', 'in 5 Sekunden', '1 Tag']);
});

test('a refusal is told by its code where the server’s own sentence is in another language; one that is new to the page as the server says it', () => {
  const problems = [{ code: 'name_taken', title: 'Somebody has this name already.' }, { code: 'slow_down', title: 'Slow.', retryAfter: 3 }, { code: 'unreachable' }, { code: 'brand_new', title: 'Quite new.' }, { code: 'toString' }, null];
  assert.deepEqual(inGerman(`${JSON.stringify(problems)}.map(sentenceOf)`), ['Diesen Namen hat schon jemand. Wähle einen anderen.', 'Das ging zu schnell. Versuch es in 3 Sekunden noch einmal.',
    'Der Server war nicht zu erreichen. Versuch es gleich noch einmal.', 'Quite new.', 'Das hat nicht geklappt. Versuch es gleich noch einmal.', 'Das hat nicht geklappt. Versuch es gleich noch einmal.']);
  const fault = '{ code: "invalid", fields: { name: "too long", colour: "no colour" } }';
  assert.deepEqual(inGerman(`['name', 'colour', 'topic'].map((field) => complaintOf(${fault}, field) ?? null)`),
    ['Dieser Name ist leer, zu lang oder hat unsichtbare Zeichen.', 'Etwas an der Eingabe passt nicht.', null]);
});
