// The floors of web/, the policy that goes with its page, and the linters of its languages.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import test from 'node:test';
import { ROOT } from '../harness/owned.mjs';
import { files, matches, npx, read } from './tree.mjs';

const FLOORS = ['lib', 'model', 'view'];
const modules = files('web', ['.js']).filter((file) => !file.startsWith('web/vendor/'));
const importMap = /<script type="importmap">([^]*?)<\/script>/.exec(existsSync(join(ROOT, 'web/index.html')) ? read('web/index.html') : '')?.[1];
const imports = modules.flatMap((file) => matches(file, /\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)
  .map(({ line, match }) => ({ file, line, to: match[1] ?? match[2] ?? match[3] })));

/** The floor of a path below web/, or null for the few files that stand in front (app.js). */
function floorOf(path) {
  const floor = path.split('/')[1];
  return FLOORS.includes(floor) ? floor : null;
}

test('modules only import what is on their floor or below', () => {
  const wrong = imports.filter(({ file, to }) => {
    if (!to.startsWith('.')) return false;
    const [from, target] = [floorOf(file), floorOf(posix.join(posix.dirname(file), to))];
    return from !== null && (target === null || FLOORS.indexOf(target) > FLOORS.indexOf(from));
  });
  assert.deepEqual(wrong.map(({ file, line, to }) => `${file}:${line}: ${to}`), []);
});

test('what a module imports by name is in the import map, and the import map points to what is vendored', () => {
  assert.ok(importMap);
  const known = JSON.parse(importMap).imports;
  assert.deepEqual(imports.filter(({ to }) => !/^[./]/.test(to) && !(to in known)), []);
  const vendored = read('web/vendor.txt').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(/\s+/)[1]);
  assert.deepEqual(Object.values(known).filter((path) => !vendored.includes(path.replace('/vendor/', ''))), []);
});

test('lib and model never touch the document', () => {
  const wrong = modules.filter((file) => ['lib', 'model'].includes(floorOf(file)))
    .flatMap((file) => matches(file, /^(?!\s*(?:\/\/|\*|\/\*)).*\bdocument\.(?:create|get|query|body|head)/gm));
  assert.deepEqual(wrong.map(({ file, line }) => `${file}:${line}`), []);
});

test('the policy of nginx allows the inline scripts of index.html and no other', () => {
  const inline = [...read('web/index.html').matchAll(/<script(?: type="importmap")?>([^]*?)<\/script>/g)];
  const hashes = inline.map(([, script]) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  assert.deepEqual(read('nginx/headers.conf').match(/'sha256-[^']+'/g), hashes);
});

const nothing = (kind) => files('web', [kind]).length === 0;

test('eslint', () => {
  npx('eslint', ['--no-config-lookup', '-c', 'tests/lint/eslint.config.mjs', '--max-warnings=0', '--no-error-on-unmatched-pattern', 'web', 'tests', 'deploy']);
});
test('html-validate', { skip: nothing('.html') }, () => {
  npx('html-validate', ['--config', 'tests/lint/htmlvalidate.json', ...files('web', ['.html'])]);
});
test('stylelint', { skip: nothing('.css') }, () => {
  npx('stylelint', ['--config', 'tests/lint/stylelint.json', ...files('web', ['.css'])]);
});
