// The floors of the page hold: view → model → lib, nothing upwards, no document below the view.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closure, importsOf, laterOf, modules, read } from './graph.mjs';
import { en } from '../../web/lib/words/en.js';
import { more } from '../../web/lib/words/more/en.js';

const MAY_IMPORT = { lib: ['lib'], model: ['model', 'lib'], view: ['view', 'model', 'lib'] };
const PACKAGES = { lib: ['marked'], model: ['@preact/signals-core'] };
const LONGEST_MODULE = 220;
const floorOf = (file) => file.split('/')[0];
const below = modules().filter((file) => file.includes('/'));
const code = (file) => read(file).replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '');

test('every module imports only from its own floor and those below it', () => {
  for (const file of below) {
    for (const name of [...importsOf(file), ...laterOf(file)].filter((each) => each.includes('/') && each.endsWith('.js') && !each.startsWith('emoji-'))) {
      assert.ok(MAY_IMPORT[floorOf(file)].includes(floorOf(name)), `${file} imports ${name}`);
    }
  }
});

test('lib and model know no document and no component', () => {
  for (const file of below.filter((each) => floorOf(each) !== 'view')) {
    assert.doesNotMatch(code(file), /\b(document|window)\b\.?/, file);
    const packages = importsOf(file).filter((name) => !name.endsWith('.js'));
    for (const name of packages) assert.ok(PACKAGES[floorOf(file)].includes(name), `${file} imports ${name}`);
  }
});

test('nothing becomes HTML but by the sanitiser, and nothing is evaluated', () => {
  for (const file of modules()) {
    assert.doesNotMatch(code(file), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySet|\beval\(|new Function/, file);
  }
});

test('modules stay small', () => {
  for (const file of modules()) {
    const lines = read(file).split('\n').length;
    assert.ok(lines <= LONGEST_MODULE || file.startsWith('lib/words/'), `${file} has ${lines} lines`);
  }
});

test('every module opens with a comment that says what it is', () => {
  for (const file of modules()) assert.match(read(file), /^\/\/ \S/, file);
});

for (const [name, words] of [['words', en], ['more', more]]) {
  test(`every word that is used exists, and every word that exists is used: ${name}`, () => {
    const pattern = new RegExp(`(?<![\\w/.])${name}\\.(\\w+)`, 'g');
    const used = new Set(modules().flatMap((file) => [...code(file).matchAll(pattern)].map(([, key]) => key)).filter((key) => key !== 'js'));
    const named = modules().map(code).join('\n');
    for (const key of used) assert.ok(key in words, `${name}.${key} is not there`);
    for (const key of Object.keys(words)) assert.ok(used.has(key) || named.includes(`'${key}'`), `nobody says ${name}.${key}`);
  });
}

test('index.html preloads exactly the modules that the first picture needs', () => {
  const told = [...read('index.html').matchAll(/<link rel="modulepreload" href="\/([^"]+)">/g)].map(([, file]) => file);
  const map = JSON.parse(read('index.html').match(/<script type="importmap">([\s\S]*?)<\/script>/)[1]).imports;
  const needed = [...closure('app.js')].filter((file) => file !== 'app.js'); // it has a script of its own
  needed.push(...laterOf('lib/language.js').flatMap(importsOf)); // lib/words.js loads the words of one language
  const named = needed.concat('app.js').flatMap(importsOf).filter((name) => map[name]);
  const packages = [...named, 'preact/hooks', '@preact/signals-core'].map((name) => map[name].slice(1)); // the last two are wanted by the others
  assert.deepEqual(told.sort(), [...new Set([...needed, ...packages])].sort());
});

test('what is in vendor/ has the version of its package in its name, because browsers keep it for ever', () => {
  const { dependencies } = JSON.parse(read('../package.json'));
  const listed = read('vendor.txt').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(' '));
  for (const [from, to] of listed) {
    const version = dependencies[from.startsWith('@') ? from.split('/').slice(0, 2).join('/') : from.split('/')[0]];
    assert.match(to, new RegExp(`@${version.replaceAll('.', '\\.')}\\.\\w+$`), from);
  }
});

test('nothing on the page moves for longer than 150 ms', () => {
  assert.ok(Number(/--quick: (\d+)ms/.exec(read('style/tokens.css'))[1]) <= 150);
});
