// make bench: what this machine reaches, load generator included, so compare the columns and ratios and not the absolute figures.
// Each measurement is a file of measure/ that gets a running server of its own; `make bench ONLY=posts` runs some of them.
import { readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { Bench } from './server.mjs';

const only = process.env.ONLY ?? '';
const names = readdirSync(new URL('measure/', import.meta.url)).filter((name) => name.endsWith('.mjs') && name.includes(only)).sort();

console.log(`on ${cpus().length} × ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${process.arch}`);
for (const name of names) {
  const { title, measure } = await import(`./measure/${name}`);
  console.log(`\n${title}`);
  const bench = new Bench();
  try {
    for await (const { what, figure, target } of measure(bench)) {
      console.log(`  ${what.padEnd(62)} ${String(figure).padStart(14)}${target ? `   target ${target}` : ''}`);
    }
  } finally {
    await bench.stop();
  }
}
