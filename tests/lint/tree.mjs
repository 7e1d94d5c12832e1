// What the lints ask about the source tree.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../harness/owned.mjs';

/** The files of the tree, also new ones, below these folders and with one of these endings. */
export function files(folders, endings = ['']) {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...[folders].flat()], { cwd: ROOT, encoding: 'utf8' })
    .split('\n').filter((file) => file && existsSync(join(ROOT, file)) && endings.some((ending) => file.endsWith(ending)));
}

export function read(file) {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** Runs a checker; throws with what it said when it is not content. */
export function run(command, args) {
  try {
    return execFileSync(command, args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 << 20 });
  } catch (error) {
    throw new Error(`${command}: ${error.stdout ?? ''}${error.stderr ?? error.message}`);
  }
}

export function npx(tool, args) {
  return run(join(ROOT, 'node_modules/.bin', tool), args);
}

/** All matches of a global expression in a file, with the line of each. */
export function matches(file, expression) {
  const text = read(file);
  return [...text.matchAll(expression)].map((match) => ({ file, line: text.slice(0, match.index).split('\n').length, match }));
}
