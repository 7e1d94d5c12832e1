import { spawn } from 'node:child_process';
import { cleanEnvironment } from '../../harness/owned.mjs';
import { MESSAGES } from '../data.mjs';
import { until } from '../server.mjs';
import { all, atMost, times } from '../targets.mjs';

export const title = `Searching ${MESSAGES.toLocaleString('en-US')} messages: two at a time, by people in 50 rooms and in 500, each search a different one`;

const SECONDS = 8;
const ROUNDS = 4;
const CONNECTIONS = 2;
const MOST_MS = { word: 150, part: 500 };

// Half of the words are drawn from messages, so they are as frequent there as people write them; half of all words that there are, so most are
// rare. Of the parts of words likewise; they have 4 to 6 letters from the middle.
const SETUP = `
  create temp table text_drawn as
  select row_number() over () as i, folded from (select floor(random() * (select max(message_id) from data.search))::bigint as place from generate_series(1, 4000)) drawn
  cross join lateral (select folded from data.search where message_id >= place order by message_id limit 1) s;
  create temp table known as select distinct word from text_drawn, regexp_split_to_table(folded, '[^a-z]+') word where length(word) between 3 and 20;
  create temp table drawn as
  select row_number() over (order by random()) as i, word from (
    (select (regexp_split_to_array(folded, '[^a-z]+'))[2 + i % 3] as word from text_drawn order by i limit 1500) union all (select word from known order by random() limit 1500)) w
  where length(word) >= 3;
  create temp table searcher as
  select row_number() over (order by random()) as i, 'person-' || split_part(name, ' ', 2) as token, id from data.person where name ~ ' [0-9]+$';`;

const KINDS = [
  { what: 'a word', most: MOST_MS.word, terms: 'select word from drawn' },
  { what: 'two words of a message', most: MOST_MS.word, terms: `select w[2] || ' ' || w[3] from text_drawn, regexp_split_to_array(folded, '[^a-z]+') w where length(w[2]) >= 3 and length(w[3]) >= 3` },
  { what: 'a word that nobody wrote', most: MOST_MS.word, terms: `select reverse(word) || 'q' from drawn where length(word) > 4` },
  { what: 'part of a word', most: MOST_MS.part, terms: 'select substr(word, 2, 4 + i::int % 3) from drawn where length(word) >= 7' },
  { what: 'three letters of a word', most: MOST_MS.part, terms: 'select substr(word, 2, 3) from drawn where length(word) >= 5' },
  { what: 'two letters that begin a word', most: MOST_MS.part, terms: 'select left(word, 2) from drawn' },
  { what: 'two Chinese, Japanese or Korean characters', most: MOST_MS.part,
    terms: `select term from unnest(array['天气', '会議', '东京', '東京', '数据', '备份', '发布', '版本', '서버', '移行', '明天', '天気', '今日', '天馬', '数库']) term, generate_series(1, 40)` },
  { what: 'an identifier, such as PLT-3699', most: MOST_MS.part, terms: `select 'PLT-' || i from generate_series(1, 20000, 17) i` },
  { what: 'a file name, such as db.json', most: MOST_MS.part, terms: `select substring(folded from '\\S+\\.json') from text_drawn where folded ~ '\\.json' union all select left(word, 2) || '.json' from drawn limit 200` },
];

/** TOKEN PATH for each of a kind's terms, by different people. */
const questions = (bench, terms) => bench.sql(`${SETUP}
  select s.token || chr(9) || q.term from (select row_number() over (order by random()) as i, term from (${terms}) t(term) where term <> '') q
  join searcher s on s.i = 1 + q.i % (select count(*) from searcher);`).split('\n').map((line) => line.split('\t')).map(([token, term]) => `${token} /api/search?q=${encodeURIComponent(term)}`);

/** Nothing is indexed while this runs: who tidies takes the same lock. */
async function withoutIndexer(bench, work) {
  const child = spawn('/usr/lib/postgresql/15/bin/psql', ['-XqAt', '-h', bench.sockets, '-U', 'postgres', '-d', 'parley'], { env: cleanEnvironment(), stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write('select pg_advisory_lock(7265108, 3);\n\\echo locked\n');
  await new Promise((done) => child.stdout.on('data', (text) => String(text).includes('locked') && done()));
  try {
    return await work();
  } finally {
    child.stdin.end();
    await new Promise((done) => child.on('close', done));
  }
}

const allIndexed = (bench) => until('all is indexed',
  () => bench.sql('select (select max(id) from data.message) <= (select upto from data.progress where what = \'search\')') === 't', 300_000);

/** Posts/s with the indexer and without, by turns; each turn begins with nothing left to index. */
async function posting(bench) {
  const server = bench.parley(Array.from({ length: 64 }, (_, i) => `person-${i + 1}`));
  const post = async () => (await server.post({ seconds: SECONDS / 2 })).per_second;
  let indexing = 0, without = 0;
  await post();
  for (let round = 0; round < ROUNDS; round++) {
    await allIndexed(bench);
    indexing += await post() / ROUNDS;
    await allIndexed(bench);
    without += await withoutIndexer(bench, post) / ROUNDS;
  }
  return { indexing: Math.round(indexing), without: Math.round(without) };
}

export async function* measure(bench) {
  await bench.start({ onData: true });
  let refused = 0;
  for (const { what, most, terms } of KINDS) {
    const lines = questions(bench, terms);
    await bench.ask({ lines: lines.slice(0, 20), connections: CONNECTIONS, seconds: 1 });
    const got = await bench.ask({ lines, connections: CONNECTIONS, seconds: SECONDS });
    refused += got.refused;
    yield { what: `${what}: p50 ms, of ${got.posts}`, figure: got.p50_ms };
    yield { what: `${what}: p99 ms`, figure: got.p99_ms, ...atMost(got.p99_ms, most) };
  }
  yield { what: 'refused', figure: refused, ...all(refused, 0), target: '0' };
  const { indexing, without } = await posting(bench);
  yield { what: 'posts/s, nothing is indexed', figure: without };
  yield { what: 'posts/s, the indexer is at work', figure: indexing, ...times(indexing, without, 0.95, 'without') };
}
