// The floors of fcgi/ and the length of its functions.
import assert from 'node:assert/strict';
import test from 'node:test';
import { files, matches, read, run } from './tree.mjs';

const FLOORS = ['base', 'wire', 'db'];
const sources = files('fcgi', ['.c', '.h']);
const floorOf = (file) => file.split('/')[1];

/** Which floors a file may include: those below it, and its own. */
function allowed(file) {
  const own = floorOf(file);
  const height = FLOORS.indexOf(own);
  return height < 0 ? [own, ...FLOORS] : FLOORS.slice(0, height + 1);
}

test('includes name their floor and only go down', () => {
  const wrong = sources.flatMap((file) => matches(file, /^#include "([^"]+)"/gm))
    .filter(({ file, match: [, header] }) => !header.includes('/') || !allowed(file).includes(header.split('/')[0]))
    .map(({ file, line, match: [text] }) => `${file}:${line}: ${text}`);
  assert.deepEqual(wrong, []);
});

test('only db/ knows libpq, and the codecs of wire/ do no I/O', () => {
  const libpq = sources.filter((file) => floorOf(file) !== 'db' && /#include <libpq-fe.h>|\bPQ[a-z]\w+\(/.test(read(file)));
  assert.deepEqual(libpq, []);
  const io = sources.filter((file) => floorOf(file) === 'wire' && /#include <(sys\/socket|sys\/uio|unistd|fcgiapp|fcntl|poll)\.h>/.test(read(file)));
  assert.deepEqual(io, []);
});

test('every header says first what it is for, and is read once', () => {
  const wrong = sources.filter((file) => file.endsWith('.h') && !/^\/\*[^]*?\*\/\s*\n?#pragma once/.test(read(file)));
  assert.deepEqual(wrong, []);
});

/** A function whose body is one switch with nothing nested in it may be as long as its cases are many. */
function isFlatSwitch({ file, line, end }) {
  const body = read(file).split('\n').slice(line - 1, end).join('\n');
  return (body.match(/\bswitch\b/g) ?? []).length === 1 && !/\b(for|while)\s*\(/.test(body);
}

test('functions are short: median 14 lines, nine of ten 45, none over 100 but a flat switch', (t) => {
  assert.ok(sources.length > 0);
  const functions = run('ctags', ['-x', '--languages=C', '--kinds-C=f', '--fields=+ne', '--_xformat=%{input} %{line} %{end} %{name}',
    ...sources]).trim().split('\n').map((text) => {
    const [file, line, end, name] = text.split(' ');
    return { file, line: Number(line), end: Number(end), name, length: Number(end) - Number(line) + 1 };
  }).sort((a, b) => a.length - b.length);
  const at = (share) => functions[Math.min(functions.length - 1, Math.floor(functions.length * share))].length;
  t.diagnostic(`${functions.length} functions, median ${at(0.5)}, nine of ten ${at(0.9)}, longest ${functions.at(-1).length}`);
  assert.ok(at(0.5) <= 14, `median ${at(0.5)}`);
  assert.ok(at(0.9) <= 45, `nine of ten: ${at(0.9)}`);
  const long = functions.filter((one) => one.length > 100 && !isFlatSwitch(one)).map(({ file, line, name, length }) => `${file}:${line}: ${name} ${length} lines`);
  assert.deepEqual(long, []);
});

test('no fixed waiting, no unbounded string functions', () => {
  const wrong = sources.flatMap((file) => matches(file, /\b(strcpy|strcat|sprintf|vsprintf|gets|usleep|sleep)\(/g))
    .map(({ file, line, match: [text] }) => `${file}:${line}: ${text}`);
  assert.deepEqual(wrong, []);
});

test('one handwriting: a pointer is asked as it is, and no blank line stands between declarations and what follows', () => {
  const wrong = sources.flatMap((file) => [
    ...matches(file, /(?:\bif \(|\bwhile \(|&& |\|\| |\breturn )[^;{}\n]*?[!=]= NULL/g),
    ...matches(file, /(?:^|\) |else )\{\n(?: +(?:const )?(?:struct \w+|int|int64_t|size_t|bool|char) \*?\w+(?: = [^\n]*)?;\n)+\n(?! *\})/gm),
  ]).map(({ file, line, match: [text] }) => `${file}:${line}: ${text.trim()}`);
  assert.deepEqual(wrong, []);
});
