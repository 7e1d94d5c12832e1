// node with-postgres.mjs COMMAND...: runs COMMAND with a PostgreSQL for all the tests that it runs, and ends with its status.
import { spawn } from 'node:child_process';
import { Postgres } from './postgres.mjs';

const postgres = await Postgres.start();
const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, PARLEY_TEST_POSTGRES: postgres.sockets } });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
const status = await new Promise((done) => {
  child.on('exit', (code, signal) => done(signal ? 1 : code));
  child.on('error', (error) => { console.error(error.message); done(127); });
});
await postgres.stop();
process.exit(status);
