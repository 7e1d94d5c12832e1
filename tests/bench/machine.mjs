// The machine under all of it: what it is, and who uses it. A figure of a machine that others use too is not a figure.
import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

const TICKS = 100; // USER_HZ, on every Linux that Debian has

const said = (command, args) => {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch {
    return '';
  }
};
const packageVersion = (name) => said('dpkg-query', ['-W', '-f', '${Version}', name]) || 'none';

/** How long the disk takes to make one page durable, where the database will be: the median of some. */
function flushMs() {
  const folder = mkdtempSync(join(tmpdir(), 'parley-flush-'));
  const file = openSync(join(folder, 'page'), 'w');
  const page = Buffer.alloc(8192);
  const times = Array.from({ length: 100 }, () => {
    const start = process.hrtime.bigint();
    writeSync(file, page);
    fdatasyncSync(file);
    return Number(process.hrtime.bigint() - start) / 1e6;
  }).sort((a, b) => a - b);
  closeSync(file);
  rmSync(folder, { recursive: true });
  return times[50];
}

export function describeMachine() {
  return [
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}, a flush takes ${flushMs().toFixed(2)} ms`,
    `PostgreSQL ${packageVersion('postgresql-15')}, nginx ${packageVersion('nginx')}, node ${process.version}`,
  ].join('\n');
}

/** Seconds of processor time that programs have used since boot, ours or not; and what the host took from this machine. */
function used() {
  const [user, nice, system, , , , , steal] = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))[1].split(' ').map(Number);
  return { programs: (user + nice + system) / TICKS, steal: steal / TICKS };
}

function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const times = rest.slice(9, 13).map(Number); // utime stime cutime cstime
    return { pid, parent: Number(parent), own: (times[0] + times[1]) / TICKS, waited: (times[2] + times[3]) / TICKS };
  } catch {
    return null; // it has ended meanwhile
  }
}

/** The processors that a process may use, like `0-1`. */
export function processorsOf(pid) {
  return /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1];
}

/** Seconds that the processes of `pids` have used, with those of their children that have ended. */
export function secondsOf(pids) {
  return pids.map(statOf).filter(Boolean).reduce((sum, { own, waited }) => sum + own + waited, 0);
}

/** Bytes of memory that a process has for itself alone. */
export function privateBytes(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return [...rollup.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].reduce((sum, [, kb]) => sum + Number(kb) * 1024, 0);
}

function family(root) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(statOf).filter(Boolean);
  const pids = new Set([root]);
  for (let before = 0; before < pids.size;) {
    before = pids.size;
    for (const { pid, parent } of all) if (pids.has(parent)) pids.add(pid);
  }
  return [...pids];
}

/** A watch over who uses the machine; `others()` gives the share of all processors that went elsewhere since. */
export function watchMachine() {
  const start = process.hrtime.bigint();
  const before = { ...used(), own: secondsOf(family(process.pid)) };
  return {
    others() {
      const now = { ...used(), own: secondsOf(family(process.pid)) };
      const whole = Number(process.hrtime.bigint() - start) / 1e9 * cpus().length;
      const foreign = now.programs - before.programs - (now.own - before.own) + now.steal - before.steal;
      return Math.max(0, foreign / whole);
    },
  };
}
