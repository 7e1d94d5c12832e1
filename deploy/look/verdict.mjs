// What is wrong, judged by facts (facts.mjs): a plain sentence each, and what to do.
import { sum } from './prometheus.mjs';
import { bytes, count, percent, span } from './words.mjs';

const DISK_FREE_SHARE = 0.1, DISK_FREE_BYTES = 1 << 30;
const BACKUP_AGE_S = 26 * 3600;
const CERTIFICATE_DAYS = 14;
const TRANSACTION_S = 60, DUMP_S = 4 * 3600;
const BEHIND_S = 5;
const REPLICA_BYTES = 64 << 20;

function ofHealth({ health, silent }) {
  if (!health) return [`nginx does not answer (${silent.health}): systemctl status nginx, nginx -t`];
  return health.status === 200 ? [] : [`Parley says of itself: ${health.title ?? `status ${health.status}`}`];
}

function ofPrograms({ metrics, silentPrograms, health }) {
  if (!health) return []; // all that follows would be said of nginx
  return Object.entries(metrics).filter(([, series]) => !series)
    .map(([name]) => `parley-${name} does not answer (${silentPrograms[name]}): journalctl -u parley-${name} -n 50`);
}

function ofUnits({ units }) {
  return (units ?? []).filter(({ isWell }) => !isWell).map(({ name, state }) => `${name} is ${state}: systemctl status ${name}`);
}

function ofHub({ metrics: { stream } }) {
  if (!stream) return [];
  const behind = sum(stream, 'parley_stream_behind_seconds');
  return behind > BEHIND_S ? [`the streams are ${span(behind)} behind the log: is PostgreSQL slow, or a processor full?`] : [];
}

function ofErrors({ metrics: { api } }) {
  if (!api) return [];
  const all = sum(api, 'parley_api_requests_total'), failed = sum(api, 'parley_api_requests_total', { status: '5xx' });
  return failed > 10 && failed > all / 100 ? [`${count(failed)} of ${count(all)} requests failed since the start: journalctl -u parley-api -p warning`] : [];
}

export const isNearlyFull = ({ bytes: all, free }) => free < DISK_FREE_SHARE * all || free < DISK_FREE_BYTES;

function ofDisks({ disks }) {
  return (disks ?? []).filter(isNearlyFull)
    .map(({ path, bytes: all, free }) => `the disk of ${path} is nearly full, ${bytes(free)} of ${bytes(all)} are left: see "The disk is full" in deploy/README.md`);
}

function ofTransactions({ oldest_transaction: oldest }) {
  if (!oldest || oldest.seconds < (oldest.program === 'pg_dump' ? DUMP_S : TRANSACTION_S)) return [];
  return [`${oldest.role} (${oldest.program || 'no name'}) has had a transaction open for ${span(oldest.seconds)}, which keeps old rows from being tidied: select pg_terminate_backend(${oldest.pid})`];
}

function ofReplicas(replicas, wanted) {
  return [
    ...(replicas.length < wanted ? [`${replicas.length} of ${wanted} other hosts of PostgreSQL follow the one that leads, and what is lost with it now is lost: patronictl -c /etc/patroni/config.yml list, on one of them`] : []),
    ...replicas.filter(({ behind_bytes: behind }) => behind > REPLICA_BYTES).map(({ name, behind_bytes: behind }) => `the replica ${name} is ${bytes(behind)} behind`),
  ];
}

function ofDatabase({ database, silent, followers }) {
  if (!database) return [`PostgreSQL cannot be asked (${silent.database}): see "PostgreSQL is away" in deploy/README.md`];
  const { notify_queue: queue, connections, max_connections: most, replicas } = database.database;
  return [
    ...ofTransactions(database.database),
    ...(queue > 0.1 ? [`PostgreSQL's queue of notifications is ${percent(queue)} full: somebody LISTENs and does not read; when it is full nobody can post`] : []),
    ...(connections > 0.8 * most ? [`${connections} of ${most} connections to PostgreSQL are taken: raise max_connections`] : []),
    ...ofReplicas(replicas, followers),
  ];
}

function ofBackups({ backups, silent, nightly, now }) {
  if (!nightly) return [];
  if (!backups) return [`the folder of backups cannot be read (${silent.backups})`];
  if (backups.length === 0) return ['there is no backup: systemctl start parley-backup, then journalctl -u parley-backup'];
  const age = (now - backups[0].at) / 1000;
  return age > BACKUP_AGE_S ? [`the last backup is ${span(age)} old: journalctl -u parley-backup`] : [];
}

function ofCertificate({ health, now }) {
  if (!health?.certificateEnds) return [];
  const left = (health.certificateEnds - now) / 1000;
  if (left < 0) return [`the certificate ended ${span(-left)} ago: see "The certificate has expired" in deploy/README.md`];
  return left < CERTIFICATE_DAYS * 86400 ? [`the certificate ends in ${span(left)}: certbot renew --dry-run says why it is not renewed`] : [];
}

/** Sentences; none when all is well. */
export function findWrong(facts) {
  return [ofHealth, ofPrograms, ofUnits, ofDatabase, ofHub, ofErrors, ofDisks, ofBackups, ofCertificate].flatMap((judge) => judge(facts));
}
