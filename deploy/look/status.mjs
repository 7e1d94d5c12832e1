// parley status: one look that tells all. Ends with 1 when something is wrong.
import { pathToFileURL } from 'node:url';
import { gather } from './facts.mjs';
import { labelled, quantile, sum } from './prometheus.mjs';
import { findWrong } from './verdict.mjs';
import { bytes, count, duration, percent, span } from './words.mjs';

const SLOWEST = 5, TABLES = 5;

function versions({ health, database }) {
  const schema = database?.schema ? `, schema of ${database.schema.replace('Parley ', '')}` : '';
  return `${health?.version ?? 'unknown'}${schema}${database ? ` (${database.step}), PostgreSQL ${database.database.version}` : ''}`;
}

function streams({ metrics: { stream }, database }) {
  if (!stream) return [];
  const people = database ? `${count(database.people.online)} of ${count(database.people.all)} people online, ` : '';
  return [['people', `${people}${count(sum(stream, 'parley_stream_streams'))} streams open, ${count(sum(stream, 'parley_stream_opened_total'))} opened since the start`]];
}

function posts({ database }) {
  if (!database) return [];
  const { minute, hour, day } = database.posts;
  return [['posts', `${count(minute)} in the last minute, ${count(hour)} in the last hour, ${count(day)} in the last day`],
    ...(database.people.open_reports > 0 ? [['reports', `${count(database.people.open_reports)} open`]] : [])];
}

function lag({ metrics: { stream } }) {
  if (!stream) return [];
  const at = (share) => duration(quantile(stream, 'parley_stream_lag_seconds', share));
  if (quantile(stream, 'parley_stream_lag_seconds', 1) === null) return [['lag', 'nothing was delivered yet']];
  return [['lag', `${at(0.5)} in the middle, ${at(0.99)} at 99 %, from the commit to the last reader`]];
}

function requests({ metrics: { api } }) {
  if (!api) return [];
  const failed = sum(api, 'parley_api_requests_total', { status: '5xx' });
  const name = 'parley_api_request_seconds';
  const slowest = labelled(api, `${name}_count`, 'route').map((route) => ({ route, calls: sum(api, `${name}_count`, { route }), worst: quantile(api, name, 0.99, { route }) }))
    .sort((a, b) => b.worst - a.worst).slice(0, SLOWEST);
  return [['requests', `${count(sum(api, 'parley_api_requests_total'))} since the start, ${count(failed)} failed`],
    ...slowest.map(({ route, calls, worst }, i) => [i === 0 ? 'slowest' : '', `${duration(worst).padStart(7)} at 99 % of ${count(calls)} × ${route}`])];
}

function storage({ disks, database }) {
  const lines = (disks ?? []).map(({ path, bytes: all, free }, i) => [i === 0 ? 'disk' : '', `${path}: ${percent(1 - free / all)} used, ${bytes(free)} free`]);
  if (!database) return lines;
  const tables = database.tables.slice(0, TABLES).map(({ name, bytes: size }) => `${name} ${bytes(size)}`).join(', ');
  const rooms = database.rooms.map(({ kind, name, id, messages, message_bytes: text, picture_bytes: pictures }, i) => [i === 0 ? 'rooms' : '',
    `${name || `${kind} ${id}`}: ${count(messages)} messages of about ${bytes(text)}, pictures of ${bytes(pictures)}`]);
  return [...lines, ['database', `${bytes(database.database.bytes)}: ${tables}`], ...rooms];
}

function backup({ backups, now }) {
  if (!backups) return [];
  if (backups.length === 0) return [['backup', 'none yet']];
  return [['backup', `${span((now - backups[0].at) / 1000)} ago, ${bytes(backups[0].bytes)}; ${backups.length} kept`]];
}

/** All of it, as text. */
export function describe(facts, wrong) {
  const lines = [['version', versions(facts)], ...streams(facts), ...posts(facts), ...lag(facts), ...requests(facts), ...storage(facts), ...backup(facts)];
  const verdict = wrong.length === 0 ? 'All is well.' : wrong.map((sentence) => `! ${sentence}`).join('\n');
  return `${verdict}\n\n${lines.map(([what, text]) => `${what.padEnd(10)}${text}`).join('\n')}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const facts = await gather();
  const wrong = findWrong(facts);
  console.log(`Parley at ${process.env.PARLEY_URL}`);
  process.stdout.write(describe(facts, wrong));
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
