// What parley doctor says of what it sees (host.mjs): each check is well, or not, or cannot tell; with what to change, and why.
import { isNearlyFull } from './verdict.mjs';
import { bytes, count } from './words.mjs';

const BYTES_A_STREAM = 34 << 10; // in nginx and hub together, with TLS (deploy/README.md: How large a server)
const BACKLOG = 4096;
const CONNECTIONS = 60; // the programs' own, some for psql and the dump

const well = (what) => ({ what, well: true });
const bad = (what, change, why) => ({ what, well: false, change, why });
const unknown = (what) => ({ what, well: null });

function distribution({ distribution: name }) {
  if (!name) return unknown('which system this is');
  return /Debian GNU\/Linux 12/.test(name) ? well(name) : bad(`${name}, not Debian 12`, 'move to Debian 12', 'the playbook knows this one, and every test ran on it');
}

/** What Debian 12 has; what is older was never tried. */
const LEAST = { nginx: [1, 22], PostgreSQL: [15, 0], node: [18, 0] };

function versions({ versions: now }) {
  return Object.entries(LEAST).map(([name, [major, minor]]) => {
    if (!now[name]) return unknown(`which version of ${name} is here`);
    const [first, second = 0] = now[name].split(/[. ]/).map(Number);
    return first > major || (first === major && second >= minor) ? well(`${name} ${now[name]}`)
      : bad(`${name} ${now[name]}`, `move to ${name} ${major}.${minor} or later`, 'every test ran on what Debian 12 has');
  });
}

function disks({ disks: all }) {
  if (!all) return [unknown('how much of the disks is left')];
  return all.map((disk) => (isNearlyFull(disk) ? bad(`the disk of ${disk.path} is nearly full, ${bytes(disk.free)} of ${bytes(disk.bytes)} are left`,
    'see "The disk is full" in deploy/README.md', 'without room PostgreSQL takes no message') : well(`${bytes(disk.free)} of ${bytes(disk.bytes)} are left on the disk of ${disk.path}`)));
}

function backlog({ backlog: now }) {
  if (now === null) return unknown('how many connections may wait (net.core.somaxconn)');
  return now >= BACKLOG ? well(`${now} connections may wait (net.core.somaxconn)`)
    : bad(`only ${now} connections may wait`, `sysctl -w net.core.somaxconn=${BACKLOG}, and the same in /etc/sysctl.d/parley.conf`,
      'when all streams come back at once, nginx answers 502 to those who find no room');
}

function descriptors({ hub, streams }) {
  if (streams === null || hub.length === 0) return unknown('how many streams the hub may hold');
  const least = Math.min(...hub);
  return least > streams ? well(`the hub may hold ${count(least)} descriptors, for ${count(streams)} streams`)
    : bad(`the hub may hold only ${count(least)} descriptors, for ${count(streams)} streams`, 'raise the hard limit of the host (fs.nr_open, the limits of its container), then run the playbook again',
      'each stream is a descriptor; whoever finds none is turned away');
}

function connections({ nginx, nginxWorkers, streams }) {
  const workers = nginxWorkers - 1;
  if (streams === null || !nginx?.connections || workers < 1) return unknown("nginx's table of connections");
  const all = Math.min(nginx.connections, nginx.descriptors ?? Infinity) * workers;
  return all >= 2 * streams ? well(`nginx may hold ${count(all)} connections, two for each of ${count(streams)} streams`)
    : bad(`nginx may hold only ${count(all)} connections, and a stream takes two`, 'run the playbook again: it sets worker_connections by parley_streams', 'over it nginx answers 503');
}

function accepts({ nginx }) {
  if (!nginx) return unknown('whether nginx accepts its files');
  return nginx.accepts ? well('nginx accepts its files') : bad(`nginx does not accept its files: ${nginx.says}`, 'mend what it names, then systemctl reload nginx', 'it runs on with the old ones, and will not start again');
}

function memory({ memory: all, streams }) {
  if (streams === null) return well(`${bytes(all)} of memory`);
  const needed = streams * BYTES_A_STREAM;
  return needed < all / 2 ? well(`${bytes(all)} of memory, ${bytes(needed)} for ${count(streams)} streams`)
    : bad(`${bytes(all)} of memory, but ${count(streams)} streams take ${bytes(needed)}`, 'lower parley_streams, or add memory', 'PostgreSQL needs its own, and what is full is killed');
}

function tracking({ tracked: { most, now }, streams }) {
  if (most === null) return well('no packet filter tracks connections');
  const wanted = Math.max(2 * (now ?? 0), 2 * (streams ?? 0));
  return most >= wanted ? well(`the packet filter may track ${count(most)} connections`)
    : bad(`the packet filter may track only ${count(most)} connections`, `sysctl -w net.netfilter.nf_conntrack_max=${wanted}, and the same in /etc/sysctl.d/parley.conf`,
      'when its table is full it drops new ones, and nobody is told');
}

function sockets({ sockets: all }) {
  if (!all) return unknown('who may reach the programs');
  const open = all.filter(({ mode }) => (mode & 0o7) !== 0);
  if (open.length > 0) return bad(`everybody on this host may reach ${open.map(({ path }) => path).join(', ')}`, 'run the playbook again, or systemctl restart the socket units', 'libfcgi trusts whoever can connect');
  return all.length > 0 ? well(`only nginx may reach the ${all.length} sockets`) : bad('no socket is there', "systemctl start 'parley-*.socket' --all", 'nginx reaches the programs by them');
}

function clock({ clock: isSet }) {
  if (isSet === null) return unknown('whether the clock is kept right');
  return isSet ? well('the clock is kept right') : bad('nobody keeps the clock right', 'apt-get install systemd-timesyncd', 'bans, sessions and certificates end by the clock');
}

/** What PostgreSQL is told, and why that matters. */
const WANTED = [
  ['fsync', 'on', 'without it a crash of the host destroys the database'],
  ['full_page_writes', 'on', 'without it a crash of the host destroys the database'],
  ['autovacuum', 'on', 'without it tables grow for ever'],
  ['server_encoding', 'UTF8', 'names and texts are Unicode'],
  ['jit', 'off', 'the queries are short: compiling costs more than it saves'],
];

function postgresql({ postgresql: now }) {
  if (!now) return [unknown("PostgreSQL's settings")];
  const wrong = WANTED.filter(([name, value]) => now[name] !== value).map(([name, value, why]) => bad(`PostgreSQL has ${name} = ${now[name]}`, `set ${name} = ${value}`, why));
  if (now.synchronous_commit === 'off') wrong.push(bad('PostgreSQL has synchronous_commit = off', 'set synchronous_commit = on', 'a message that was acknowledged may be lost in a crash'));
  if (Number(now.max_connections) < CONNECTIONS) wrong.push(bad(`PostgreSQL has max_connections = ${now.max_connections}`, `set max_connections = ${CONNECTIONS} at least`, "the programs' own are forty"));
  return wrong.length > 0 ? wrong : [well('PostgreSQL is set up as it should be')];
}

/** All checks, in the order in which a person would look. */
export function examine(host) {
  return [distribution(host), ...versions(host), memory(host), ...disks(host), backlog(host), descriptors(host), tracking(host), sockets(host), clock(host), accepts(host), connections(host), ...postgresql(host)];
}
