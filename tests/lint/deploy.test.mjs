// What can be said of the playbook without a machine for it; `make test-deploy` has one, and Ansible's own lint.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import YAML from 'yaml';
import { ROOT } from '../harness/owned.mjs';
import { files, matches, read } from './tree.mjs';

const DEFAULTS = ['deploy/ansible/roles/parley/defaults/main.yml', 'deploy/ansible/roles/patroni/defaults/main.yml'];
const yaml = files('deploy/ansible', ['.yml']);
const sources = [...yaml, ...files('deploy/ansible/roles', ['.j2'])];
const defaults = DEFAULTS.flatMap((file) => Object.keys(YAML.parse(read(file))));
const names = (file, expression) => matches(file, expression).map(({ match }) => match[1]);

/** The tasks of a list, those in blocks too; a task of a block has what the block says as well. */
function flatten(tasks, inherited = {}) {
  return tasks.flatMap((task) => (['block', 'always', 'rescue'].some((part) => task[part])
    ? ['block', 'always', 'rescue'].flatMap((part) => flatten(task[part] ?? [], { ...inherited, no_log: task.no_log ?? inherited.no_log }))
    : [{ ...inherited, ...task }]));
}

const tasks = yaml.filter((file) => file.includes('/tasks/')).flatMap((file) => flatten(YAML.parse(read(file))).map((task) => ({ file, task })));

test('the playbook and its role are YAML, without a key twice', () => {
  for (const file of yaml) assert.deepEqual(YAML.parseDocument(read(file)).errors.map(({ message }) => `${file}: ${message}`), []);
  assert.ok(tasks.length > 30);
});

test('every task says what it is for', () => {
  assert.deepEqual(tasks.filter(({ task }) => !task.name).map(({ file, task }) => `${file}: ${JSON.stringify(task).slice(0, 80)}`), []);
});

test('every variable is explained where it stands, and used', () => {
  const paragraphs = DEFAULTS.flatMap((file) => read(file).split('\n\n'));
  assert.deepEqual(paragraphs.filter((text) => /^(parley|patroni)_/m.test(text) && !text.startsWith('#')), []);
  const text = sources.filter((file) => !DEFAULTS.includes(file)).map(read).join('\n');
  assert.deepEqual(defaults.filter((name) => !new RegExp(`\\b${name}\\b`).test(text)), []);
});

test('every variable that is used is one', () => {
  const made = sources.flatMap((file) => [
    ...names(file, /^(?:- )?\s*((?:parley|patroni)_\w+):/gm), ...names(file, /\bregister: ((?:parley|patroni)_\w+)/g), ...names(file, /\{% set (\w+)/g)]);
  const known = new Set(made);
  const said = new Set(['parley_api', 'parley_stream', 'parley_image', 'parley_socket', 'parley_images', 'parley_moderator', 'parley_admin',
    'parley_backup', 'parley_owner', 'parley_database', 'parley_consensus']); // roles of PostgreSQL, names of nginx, groups of hosts
  const unknown = sources.flatMap((file) => names(file, /(?<![\w/.$])((?:parley|patroni)_\w+)/g).filter((name) => !known.has(name) && !said.has(name))
    .map((name) => `${file}: ${name}`));
  assert.deepEqual([...new Set(unknown)], []);
});

test('what handles a secret prints nothing', () => {
  const open = tasks.filter(({ task }) => {
    const printed = { ...task, name: '', when: '', environment: '', 'ansible.builtin.assert': '' };
    return task.no_log !== true && /_passwords?\b|parley_owner\.stdout(?! \|)/.test(JSON.stringify(printed));
  });
  assert.deepEqual(open.map(({ file, task }) => `${file}: ${task.name}`), []);
});

test('of each alert it is tested that it is told when it is due, and not before', () => {
  const alerts = YAML.parse(read('deploy/prometheus/alerts.yml')).groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)).sort();
  const tested = YAML.parse(read('deploy/prometheus/alerts.test.yml')).tests.flatMap((one) => one.alert_rule_test);
  const namesOf = (some) => [...new Set(some.map(({ alertname }) => alertname))].sort();
  assert.deepEqual(namesOf(tested.filter(({ exp_alerts: due }) => due.length > 0)), alerts);
  assert.deepEqual(namesOf(tested.filter(({ exp_alerts: due }) => due.length === 0)), alerts);
});

test('the page on deploying names only what there is', () => {
  const README = 'deploy/README.md';
  const paths = names(README, /(?<![\w/])((?:deploy|sql|tests|nginx|fcgi)\/[\w./-]+\w)/g).filter((path) => !existsSync(join(ROOT, path)));
  assert.deepEqual(paths, []);
  const scripts = names(README, /`(?:[^`]* )?([a-z-]+\.sql)\b/g).filter((script) => !existsSync(join(ROOT, 'sql/admin', script)));
  assert.deepEqual(scripts, []);
  const variables = names(README, /(?<![\w/])(parley_[a-z_]+)/g).filter((name) => !defaults.includes(name) && !/^parley_(api|moderator|admin|backup)$/.test(name));
  assert.deepEqual(variables, []);
});
