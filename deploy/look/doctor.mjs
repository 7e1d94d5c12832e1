// parley doctor: checks this host, and says what to change and why. Ends with 1 when there is something.
import { gather } from './facts.mjs';
import { examine } from './checkup.mjs';
import { look } from './host.mjs';
import { findWrong } from './verdict.mjs';

const [facts, host] = await Promise.all([gather(), look()]);
const checks = examine({ ...host, disks: facts.disks });
const wrong = findWrong({ ...facts, disks: [] }); // those are among the checks

for (const { what, well, change, why } of checks) {
  console.log(`${well === null ? '?   ' : well ? 'ok  ' : 'BAD '}${what}`);
  if (well === false) console.log(`      do   ${change}\n      why  ${why}`);
}
for (const sentence of wrong) console.log(`BAD ${sentence}`);
const found = checks.filter(({ well }) => well === false).length + wrong.length;
console.log(found === 0 ? '\nNothing is to be changed.' : `\n${found} things are to be changed.`);
process.exitCode = found === 0 ? 0 : 1;
