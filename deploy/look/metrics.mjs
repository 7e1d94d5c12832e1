// parley metrics: what the programs cannot know of their host, in Prometheus text. A timer writes it to a file that nginx serves as
// /metrics/host, so that backups, disks and the certificate are watched by the same means as everything else.
import { gather } from './facts.mjs';
import { write } from './prometheus.mjs';

const seconds = (ms) => Math.round(ms / 1000);

function ofDatabase({ database, followers }) {
  if (!database) return '';
  const { bytes, notify_queue: queue, connections, max_connections: most, oldest_transaction: oldest, replicas } = database.database;
  return write('parley_database_bytes', 'gauge', 'Size of the database on disk.', [[{}, bytes]])
    + write('parley_table_bytes', 'gauge', 'Size of a table, with its indexes.', database.tables.map(({ name, bytes: size }) => [{ table: name }, size]))
    + write('parley_notify_queue_ratio', 'gauge', "How full PostgreSQL's queue of notifications is; at 1 nobody can post.", [[{}, queue]])
    + write('parley_database_connections', 'gauge', 'Connections to PostgreSQL.', [[{}, connections]])
    + write('parley_database_connections_max', 'gauge', 'How many there may be.', [[{}, most]])
    + write('parley_oldest_transaction_seconds', 'gauge', 'For how long the oldest transaction has been open.', [[{}, oldest?.seconds ?? 0]])
    + write('parley_replicas', 'gauge', 'Hosts of PostgreSQL that follow the one that leads.', [[{}, replicas.length]])
    + write('parley_replicas_wanted', 'gauge', 'How many should.', [[{}, followers]])
    + write('parley_replica_behind_bytes', 'gauge', 'How much of the log a replica has not yet replayed.',
      replicas.map(({ name, mode, behind_bytes: behind }) => [{ replica: name, mode }, behind ?? 0]));
}

function ofHost({ disks, backups, health, units }) {
  return write('parley_unit_up', 'gauge', "Whether one of systemd's units is as it should be.", (units ?? []).map(({ name, isWell }) => [{ unit: name }, Number(isWell)]))
    + write('parley_disk_bytes', 'gauge', 'Size of the disk that a folder is on.', (disks ?? []).map(({ path, bytes }) => [{ path }, bytes]))
    + write('parley_disk_free_bytes', 'gauge', 'What is left of it.', (disks ?? []).map(({ path, free }) => [{ path }, free]))
    + write('parley_backups', 'gauge', 'Dumps that are kept.', backups ? [[{}, backups.length]] : [])
    + write('parley_backup_last_timestamp_seconds', 'gauge', 'When the newest dump was made.', backups?.length > 0 ? [[{}, seconds(backups[0].at)]] : [])
    + write('parley_backup_last_bytes', 'gauge', 'Size of the newest dump.', backups?.length > 0 ? [[{}, backups[0].bytes]] : [])
    + write('parley_certificate_ends_timestamp_seconds', 'gauge', 'Until when the certificate that nginx shows is valid.',
      health?.certificateEnds ? [[{}, seconds(health.certificateEnds)]] : []);
}

const facts = await gather();
process.stdout.write(write('parley_host_up', 'gauge', 'Whether nginx and PostgreSQL could be asked.', [[{ part: 'nginx' }, Number(Boolean(facts.health))], [{ part: 'database' }, Number(Boolean(facts.database))]])
  + ofHost(facts) + ofDatabase(facts)
  + write('parley_host_looked_timestamp_seconds', 'gauge', 'When all this was looked at.', [[{}, seconds(facts.now)]]));
