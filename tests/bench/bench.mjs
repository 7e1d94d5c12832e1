// make bench: what this machine reaches, load generator included, so compare the columns and ratios and not the absolute figures.
// Each measurement is a file of measure/ that gets a running server of its own; `make bench ONLY=posts` runs some of them.
import { readdirSync } from 'node:fs';
import { describeMachine, watchMachine } from './machine.mjs';
import { Bench } from './server.mjs';

const only = process.env.ONLY ?? '';
const names = readdirSync(new URL('measure/', import.meta.url)).filter((name) => name.endsWith('.mjs') && name.includes(only)).sort();
const BUSY = 0.05; // others on the machine: above it a figure says little

const WHAT = 64;
const COLUMN = 14;
const columns = (what, cells) => `  ${what.padEnd(WHAT)} ${cells.map((cell) => String(cell ?? '').padStart(COLUMN)).join(' ')}`;

const verdict = (met) => (met === undefined ? '' : met ? ' ✓' : ' ✗');

/** One line: a single figure, or one for each server. */
function print({ what, figure, figures = { Parley: figure }, target = '', met }) {
  const { Parley: ours, nchan = '', 'socket.io': socketIo = '' } = figures;
  const line = columns(what, [ours, nchan, socketIo]);
  console.log(target ? `${line}   ${target}${verdict(met)}` : line.trimEnd());
}

async function run(name, targets) {
  const { title, measure } = await import(`./measure/${name}`);
  console.log(`\n${title}\n${columns('', ['Parley', 'nchan', 'socket.io + pg']).trimEnd()}   target`);
  const machine = watchMachine();
  const bench = new Bench();
  try {
    for await (const row of measure(bench)) {
      print(row);
      if (row.met !== undefined) targets.push(row.met);
    }
  } finally {
    await bench.stop();
  }
  const others = machine.others();
  if (others > BUSY) console.log(`  (others used ${Math.round(others * 100)} % of the machine meanwhile)`);
}

console.log(describeMachine());
const targets = [];
for (const name of names) await run(name, targets);
console.log(`\n${targets.filter((met) => met).length} of ${targets.length} targets met`);
