// A search in the page: which question comes next.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Search } from '../../web/model/search.js';
import { FakeApi } from './doubles.mjs';

const page = (ids, more_before, reached = null) => ({ messages: ids.map((id) => ({ id })), more_before, more_after: false, reached });

test('older results are asked for from the oldest on, or from where the time was up, also when nothing was found so far', async () => {
  const pages = [page([9, 7], true), page([5], true, 4), page([], true, 2), page([1], false)];
  const api = new FakeApi();
  api.answers['GET /search'] = () => pages.shift();
  const search = new Search(api);
  await search.ask('word');
  while (search.more.value) await search.askOlder();
  assert.deepEqual(api.calls.map(({ query }) => query.before), [undefined, 7, 4, 2]);
  assert.deepEqual(search.messages.value.map(({ id }) => id), [9, 7, 5, 1]);
});
