// What the programs count: text as Prometheus takes it, all that an operator asks for, and a dashboard that asks for nothing else.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { ROOT, until } from '../harness/owned.mjs';
import { picture } from '../harness/pictures.mjs';
import { assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const programs = Object.keys(stack.processes).filter((name) => name !== 'nginx');
const [ana, bo] = [await stack.guest('ana'), await stack.guest('bo')];

const SAMPLE = /^([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? (-?(?:[0-9.]+(?:e[+-]?\d+)?)|\+Inf|NaN)$/i;
const LABEL = /([a-z_][a-z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/giy;

function parseLabels(text, line) {
  const labels = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const [, name, value] = LABEL.exec(text) ?? assert.fail(`no labels: ${line}`);
    assert.ok(!(name in labels), `twice the same label: ${line}`);
    labels[name] = value;
  }
  return labels;
}

/** The text format, strictly: {name → {type, help, samples: [{name, labels, value}]}}. */
function parseMetrics(text) {
  assert.ok(text.endsWith('\n'), 'the last line ends');
  const families = new Map();
  let family = null;
  for (const line of text.slice(0, -1).split('\n')) {
    const [, word, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (word === 'HELP') {
      assert.ok(!families.has(name), `${name} comes twice`);
      family = { name, help: rest, type: null, samples: [] };
      families.set(name, family);
    } else if (word === 'TYPE') {
      assert.equal(name, family.name, `TYPE follows HELP: ${line}`);
      assert.match(rest, /^(counter|gauge|histogram)$/);
      family.type = rest;
    } else {
      const [, sample, labels = '', value] = SAMPLE.exec(line) ?? assert.fail(`no sample: ${line}`);
      const suffixes = family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      assert.ok(suffixes.some((suffix) => sample === family.name + suffix), `${line} stands among ${family.name}`);
      family.samples.push({ name: sample, labels: parseLabels(labels, line), value: Number(value.replace('+Inf', 'Infinity')) });
    }
  }
  return families;
}

const seriesOf = (labels) => JSON.stringify(Object.entries(labels).filter(([name]) => name !== 'le').sort());

function assertHistogram({ name, samples }) {
  const of = (suffix) => samples.filter((sample) => sample.name === name + suffix);
  for (const { labels, value: count } of of('_count')) {
    const buckets = of('_bucket').filter((bucket) => seriesOf(bucket.labels) === seriesOf(labels));
    const bounds = buckets.map((bucket) => Number(bucket.labels.le.replace('+Inf', 'Infinity')));
    assert.deepEqual(bounds, [...new Set(bounds)].sort((a, b) => a - b), `${name}: bounds ascend`);
    assert.equal(bounds.at(-1), Infinity);
    buckets.reduce((before, { value }) => (assert.ok(value >= before, `${name}: buckets add up`), value), 0);
    assert.equal(buckets.at(-1).value, count);
    assert.equal(of('_sum').filter((sum) => seriesOf(sum.labels) === seriesOf(labels)).length, 1);
  }
}

function assertFamily(family) {
  const { name, type, samples } = family;
  assert.ok(type, `${name} has a type`);
  assert.equal(type === 'counter', name.endsWith('_total'), `${name} is a ${type}`);
  const series = samples.map((sample) => sample.name + JSON.stringify(sample.labels));
  assert.equal(new Set(series).size, series.length, `${name} has a series twice`);
  for (const { value } of samples) assert.ok(value >= 0, `${name} is ${value}`);
  if (type === 'histogram') assertHistogram(family);
}

async function scrape(program) {
  const { status, headers, text } = await stack.client().get(`/metrics/${program}`);
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  return parseMetrics(text);
}

const valueOf = (families, name) => families.get(name).samples[0].value;
const counted = (families, name) => families.get(name).samples.find((sample) => sample.name === `${name}_count`).value;

/** Something of everything: posts, a stream, a resume, a reset, a refused stream, a picture. */
async function live() {
  const events = await bo.events();
  const { id: cursor } = await events.next('ready');
  for (let i = 0; i < 5; i++) assertStatus(await ana.post('/api/rooms/1/messages', { text: `m${i}` }), 201);
  await events.next('message.posted', ({ text }) => text === 'm4');
  for (const since of [cursor, 'nonsense']) await (await bo.events({ since, once: true })).end();
  await (await stack.client({ token: 'nobody' }).events()).end();
  if (programs.includes('image')) {
    assertStatus(await ana.request('POST', '/api/uploads', picture('png'), { 'content-type': 'image/png' }), 201);
  }
  await ana.get('/api/rooms/1/messages');
  return events;
}

const events = await live();

for (const program of programs) {
  test(`/metrics/${program} is what Prometheus reads`, async () => {
    const families = await scrape(program);
    assert.ok(families.size > 5);
    for (const family of families.values()) {
      assertFamily(family);
      assert.ok(family.name.startsWith(`parley_${program}_`), family.name);
    }
  });
}

test('the hub counts streams, readers by room size, events, lag, ring hits, resets, cut-offs and what is queued', async () => {
  const families = await scrape('stream');
  assert.equal(valueOf(families, 'parley_stream_streams'), 1);
  assert.deepEqual(families.get('parley_stream_room_readers').samples.map(({ labels: { size }, value }) => [size, value]),
    [['1-10', 1], ['11-100', 0], ['101-500', 0], ['501+', 0]]);
  assert.ok(valueOf(families, 'parley_stream_events_read_total') >= 5);
  assert.ok(valueOf(families, 'parley_stream_events_delivered_total') >= 10);
  assert.ok(counted(families, 'parley_stream_lag_seconds') >= 5);
  assert.equal(valueOf(families, 'parley_stream_resumes_from_ring_total'), 1);
  assert.equal(valueOf(families, 'parley_stream_resets_total'), 1);
  assert.equal(valueOf(families, 'parley_stream_refused_total'), 1);
  assert.equal(valueOf(families, 'parley_stream_cut_off_total'), 0);
  assert.equal(valueOf(families, 'parley_stream_queue_bytes'), 0);
  assert.equal(valueOf(families, 'parley_stream_database_up'), 1);
  assert.ok(valueOf(families, 'parley_stream_behind_seconds') < 5);
});

test('parley-api counts requests and their latency by route, and how many writes share a commit', async () => {
  const families = await scrape('api');
  const route = 'POST /api/rooms/{room}/messages';
  const requests = families.get('parley_api_requests_total').samples;
  assert.equal(requests.find(({ labels }) => labels.route === route && labels.status === '2xx').value, 5);
  const latency = families.get('parley_api_request_seconds').samples.filter(({ labels }) => labels.route === route);
  assert.equal(latency.find(({ name }) => name.endsWith('_count')).value, 5);
  assert.ok(latency.find(({ name }) => name.endsWith('_sum')).value > 0);
  assert.ok(counted(families, 'parley_api_batch_calls') >= 7);
  assert.equal(valueOf(families, 'parley_api_database_errors_total'), 0);
});

test('parley-api counts its connections by what they are for, also those that judge', async () => {
  const families = await scrape('api');
  for (const name of ['connections_busy', 'connections_waited_for', 'connections_starved_total']) {
    const pools = families.get(`parley_api_${name}`).samples.map(({ labels }) => labels.pool);
    assert.deepEqual(pools, ['reads', 'searches', 'exports', 'judges'], name);
  }
});

test('errors of PostgreSQL and connections made anew are counted in both', async () => {
  await stack.sql(`revoke connect on database ${stack.database} from public`);
  await stack.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename in ('parley_api', 'parley_stream') and datname = current_database()");
  await until('nothing is posted', async () => (await ana.post('/api/rooms/1/messages', { text: 'lost' })).status === 503);
  await until('nothing is read', async () => (await ana.get('/api/me')).status === 503);
  await stack.sql(`grant connect on database ${stack.database} to public`);
  await until('posting works', async () => (await ana.post('/api/rooms/1/messages', { text: 'back' })).status === 201);
  await events.next('message.posted', ({ text }) => text === 'back');
  const [api, stream] = [await scrape('api'), await scrape('stream')];
  assert.ok(valueOf(api, 'parley_api_database_errors_total') >= 2);
  assert.ok(valueOf(api, 'parley_api_database_reconnects_total') >= 1);
  assert.ok(valueOf(stream, 'parley_stream_database_losses_total') >= 2);
  assert.ok(valueOf(stream, 'parley_stream_database_reconnects_total') >= 1);
});

/** All panels, those inside of rows as well. */
const panelsOf = ({ panels = [] }) => panels.flatMap((panel) => [panel, ...panelsOf(panel)]);

test('every figure of the dashboard is one that the programs give, with the labels that it is grouped by', { skip: programs.length < 3 }, async () => {
  const dashboard = JSON.parse(readFileSync(join(ROOT, 'deploy/grafana/parley.json'), 'utf8'));
  const families = new Map((await Promise.all(programs.map(scrape))).flatMap((some) => [...some]));
  const samples = new Map([...families.values()].flatMap((family) => family.samples.map((sample) => [sample.name, sample.labels])));
  const graphs = panelsOf(dashboard).filter(({ type }) => type !== 'row');
  assert.ok(graphs.length >= 20);
  const asked = new Set();
  for (const { title, targets } of graphs) {
    assert.ok(targets.length > 0, title);
    for (const { expr } of targets) {
      const names = expr.match(/parley_\w+/g) ?? assert.fail(`${title} asks for nothing: ${expr}`);
      for (const name of names) {
        assert.ok(samples.has(name), `${title}: nobody gives ${name}`);
        asked.add(name.replace(/_(bucket|sum|count)$/, ''));
        const by = /by \(([^)]*)\)/.exec(expr)?.[1].split(/, */) ?? [];
        for (const label of by) assert.ok(label in samples.get(name), `${title}: ${name} has no label ${label}`);
      }
    }
  }
  const unseen = [...families.keys()].filter((name) => !asked.has(name));
  assert.deepEqual(unseen, ['parley_stream_log_position'], 'what nobody looks at');
});
