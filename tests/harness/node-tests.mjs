// node node-tests.mjs FILE...: Node's test runner over these files, two at a time. A file that does not end (a timer or a
// connection that somebody forgot) is ended and counts as failed, instead of holding up everything.
import { run } from 'node:test';
import { spec as Spec } from 'node:test/reporters';

const files = process.argv.slice(2);
const SECONDS = Number(process.env.PARLEY_TEST_SECONDS ?? 600); // for one file
const tests = run({ files, concurrency: 2, timeout: SECONDS * 1000 });
tests.on('test:fail', () => { process.exitCode = 1; });
tests.compose(new Spec()).pipe(process.stdout);
