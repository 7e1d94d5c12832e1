// What holds the house together: shell scripts, nginx files, the lock file, the settings that are documented.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Folder, Process, ROOT } from '../harness/owned.mjs';
import { files, matches, read, run } from './tree.mjs';

test('shellcheck finds nothing in any shell script', () => {
  const scripts = files('.').filter((file) => !/\.(c|h|sql|js|mjs|png|svg|json|webp|jpg)$/.test(file) && /^#!.*\b(sh|bash)\b/.test(read(file).slice(0, 40)));
  assert.ok(scripts.length > 5);
  run('shellcheck', ['-x', '-e', 'SC2015', ...scripts]); // SC2015: `a && b || die` is meant
});

test('shell scripts stop at the first failure', () => {
  const careless = files(['deploy', 'tests', '.ci']).filter((file) => /^#!.*\bsh\b/.test(read(file).slice(0, 40)) && !/^set -[a-z]*[eu]/m.test(read(file)));
  assert.deepEqual(careless, []);
});

for (const limits of ['on', 'off']) {
  test(`nginx accepts its files with LIMITS=${limits}`, async () => {
    const folder = new Folder('nginx');
    mkdirSync(folder.file('nginx'));
    mkdirSync(folder.file('log'));
    symlinkSync(join(ROOT, 'nginx'), folder.file('nginx/parley'));
    writeFileSync(folder.file('nginx/nginx.conf'), execFileSync(join(ROOT, 'deploy/dev/nginx-conf'),
      { env: { ...process.env, ROOT, STATE: folder.path, PORT: '8080', LISTEN: '127.0.0.1', LIMITS: limits } }));
    const nginx = new Process(['/usr/sbin/nginx', '-t', '-q', '-p', folder.file('nginx/'), '-e', folder.file('log/nginx.log'), '-c', 'nginx.conf'],
      { folder: folder.path, logFile: folder.file('log/nginx.log') });
    const { code } = await nginx.ended;
    assert.equal(code, 0, nginx.log);
    assert.equal(nginx.log, '');
    await folder.remove();
  });
}

test('the lock files name no registry, and all versions are exact', () => {
  for (const folder of ['', 'tests/bench/peers/']) {
    const { packages } = JSON.parse(read(`${folder}package-lock.json`));
    assert.deepEqual(Object.entries(packages).filter(([, { resolved }]) => resolved).map(([name]) => name), []);
    const { dependencies, devDependencies } = JSON.parse(read(`${folder}package.json`));
    assert.deepEqual(Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)), []);
  }
});

test('no test waits for a fixed time', () => {
  const wrong = files('tests', ['.mjs']).filter((file) => file !== 'tests/harness/owned.mjs')
    .flatMap((file) => matches(file, /await (?:sleep|delay|wait)\(\d|waitForTimeout\(|await new Promise\(\(?\w*\)? => setTimeout/g));
  assert.deepEqual(wrong.map(({ file, line }) => `${file}:${line}`), []);
});
