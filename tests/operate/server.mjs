// A server of the harness with the settings that the commands of deploy/parley read, and a way to call them.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { Folder, ROOT, cleanEnvironment } from '../harness/owned.mjs';
import { stackForTests } from '../harness/stack.mjs';

export async function serverForTests(options) {
  const stack = await stackForTests(options);
  const folder = new Folder('operate');
  after(() => folder.remove());
  mkdirSync(folder.file('backups'));
  const settings = { PARLEY_DATABASE: stack.databaseWords, PARLEY_URL: `${stack.url}/`, PARLEY_ASK: stack.url, PARLEY_BACKUPS: folder.file('backups'),
    PARLEY_BACKUPS_KEEP: 3, PARLEY_BACKUPS_DAYS: 30, PARLEY_DISKS: folder.path };
  const file = folder.file('host.env');
  const say = (more = {}) => writeFileSync(file, Object.entries({ ...settings, ...more }).map(([name, value]) => `${name}='${value}'\n`).join(''));
  say();

  /** Runs `parley COMMAND ARGUMENTS…`: {code, out, err}. */
  const parley = (...words) => new Promise((done) => {
    execFile(join(ROOT, 'deploy/parley'), words, { env: { ...cleanEnvironment(), PARLEY_HOST: file } },
      (error, out, err) => done({ code: error ? error.code : 0, out, err }));
  });
  return { stack, parley, say, backups: folder.file('backups') };
}
