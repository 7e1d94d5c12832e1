// The processes below another one, found by what they are.
import { readFileSync, readdirSync } from 'node:fs';

function allProcesses() {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return [{ pid: Number(pid), parent, command }];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

/** All that the process `root` has started, and what these have started. */
export function descendants(root) {
  const processes = allProcesses();
  const family = new Set([root]);
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid);
  }
  return processes.filter(({ pid }) => pid !== root && family.has(pid));
}

/** The pids of those whose command line matches. */
export function findPids(root, pattern) {
  return descendants(root).filter(({ command }) => pattern.test(command)).map(({ pid }) => pid);
}

/** Some of them may already have gone with those above them. */
export function killAll(pids) {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}
