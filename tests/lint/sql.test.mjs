// The manifest of the schema, a second deploy, and what plpgsql_check finds inside functions.
import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import test, { after } from 'node:test';
import YAML from 'yaml';
import { releasePostgres, sharedPostgres } from '../harness/postgres.mjs';
import { ROOT } from '../harness/owned.mjs';
import { files, matches, read } from './tree.mjs';

const postgres = await sharedPostgres();
const database = `parley_lint_${process.pid}`;
await postgres.cloneTemplate(database);
after(async () => {
  await postgres.drop(database);
  await releasePostgres();
});

test('deploy.sql runs every step, in the order of the numbers', () => {
  const steps = files('sql/steps', ['.sql']).map((file) => basename(file, '.sql')).sort();
  const listed = matches('sql/deploy.sql', /^\\set step (\S+)$/gm).map(({ match }) => match[1]);
  assert.deepEqual(listed, steps);
  assert.deepEqual(steps.filter((name, i) => Number(name.slice(0, 4)) !== i + 1), [], 'numbers without a gap');
});

test('deploy.sql includes every file of rule/ and api/', () => {
  const listed = matches('sql/deploy.sql', /^\\ir (\S+)$/gm).map(({ match }) => `sql/${match[1]}`);
  assert.deepEqual(files(['sql/rule', 'sql/api'], ['.sql']).filter((file) => !listed.includes(file)), []);
});

test('sql/rule holds what is private, sql/api what may be called', () => {
  const strays = ['rule', 'api'].flatMap((schema) => files(`sql/${schema}`, ['.sql']).flatMap((file) =>
    matches(file, /^create function (\w+)\.\S+/gm).filter(({ match }) => match[1] !== schema)));
  assert.deepEqual(strays.map(({ file, line }) => `${file}:${line}`), []);
});

test('a second deploy changes nothing and complains of nothing', async () => {
  const before = await postgres.sql(database, 'select string_agg(name, \',\' order by name) from data.step');
  assert.equal(await postgres.psql(database, ['-f', join(ROOT, 'sql/deploy.sql')]), '');
  assert.equal(await postgres.sql(database, 'select string_agg(name, \',\' order by name) from data.step'), before);
});

test('plpgsql_check finds nothing wrong inside the functions', async () => {
  await postgres.sql(database, 'create extension plpgsql_check');
  const found = await postgres.sql(database, `
    select p.oid::regprocedure || ': ' || c
    from pg_proc p join pg_language l on l.oid = p.prolang,
         plpgsql_check_function(p.oid, fatal_errors => false, performance_warnings => false, extra_warnings => false) c
    where l.lanname = 'plpgsql' and p.prorettype <> 'trigger'::regtype
      and p.pronamespace in ('rule'::regnamespace, 'api'::regnamespace) order by 1`);
  assert.equal(found, '');
});

test('an error is the same status to api.execute as to fcgi/db/outcome.c', async () => {
  const meanings = matches('fcgi/db/outcome.c', /^ {4}\{"(\w+)", (\d+)\},/gm).map(({ match }) => [match[1], match[2]]);
  assert.ok(meanings.length > 10);
  for (const [beginning, status] of [...meanings, ['22012', '500'], ['XX', '500'], ['', '500']]) {
    const found = await postgres.sql(database, `select rule.problem('${beginning.padEnd(5, '0')}', '', '', '')->>'status'`);
    assert.equal(found, status, beginning);
  }
});

test('sql/README.md lists every setting as it is, and web/openapi.yaml describes each', async () => {
  const rows = (await postgres.sql(database, `
    select format('| \`%s\` | %s | \`%s\` | %s |', key,
      case when kind = 'integer' then format('%s to %s', low, high) when kind = 'text' then format('text, %s to %s characters', low, high)
        when kind = 'time' then format('time, at most %s days from now', high) else replace(kind, '|', ', ') end,
      value, about)
    from rule.setting_defaults()`)).split('\n');
  const table = read('sql/README.md').split('## Settings\n')[1].split('\n').filter((line) => line.startsWith('| `'));
  assert.deepEqual(table, rows);
  const { properties } = YAML.parse(read('web/openapi.yaml')).components.schemas.Settings;
  const keys = rows.map((row) => /`(\w+)`/.exec(row)[1]).filter((key) => !key.startsWith('limit_'));
  assert.deepEqual(Object.keys(properties).sort(), keys.sort());
});

test('admin scripts only call functions of api', () => {
  const wrong = files('sql/admin', ['.sql']).filter((file) => /\b(data|rule)\.\w/.test(read(file).replace(/--.*$/gm, '')));
  assert.deepEqual(wrong, []);
});
