// The modules of the page and what they import, read from the files.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const WEB = fileURLToPath(new URL('../../web/', import.meta.url));
const IMPORT = /(?:^|\n)(?:import|export)\s[^;]*?from '([^']+)'|(?:^|\n)import '([^']+)'/g;
const LATER = /import\('([^']+)'\)/g;

export const read = (file) => readFileSync(join(WEB, file), 'utf8');

/** All modules below web/, as paths like "lib/api.js". */
export function modules() {
  return walk(WEB).map((file) => relative(WEB, file)).filter((file) => file.endsWith('.js') && !file.startsWith('vendor'));
}

/** What a module imports at once; relative names as paths below web/. */
export const importsOf = (file) => [...read(file).matchAll(IMPORT)].map((found) => resolve(file, found[1] ?? found[2]));
/** What it loads later, when it is wanted. */
export const laterOf = (file) => [...read(file).matchAll(LATER)].map((found) => resolve(file, found[1]));

/** A module and all that it needs before it runs. */
export function closure(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const each of importsOf(file)) if (each.endsWith('.js') && !each.startsWith('@')) closure(each, seen);
  return seen;
}

function resolve(file, name) {
  return name.startsWith('.') ? normalize(join(dirname(file), name)) : name;
}

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'vendor')
    .flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]));
}
