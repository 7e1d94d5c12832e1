// The servers that Parley is measured against, started by the bench in the same run: nchan, which is publish/subscribe inside nginx and keeps
// nothing, and socket.io with node-postgres, which keeps messages and is what one would write oneself. Both without sessions and rules.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Process, ROOT, cleanEnvironment, until } from '../harness/owned.mjs';
import { freePort } from '../harness/run.mjs';
import { Contender } from './contender.mjs';

const PEERS = join(ROOT, 'tests/bench/peers');
const FILES = 20_000;

function answers(port) {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => { socket.destroy(); done(true); });
    socket.on('error', () => done(false));
  });
}

export async function startNchan(bench) {
  const port = await freePort();
  const folder = bench.subfolder('nchan');
  writeFileSync(join(folder, 'nginx.conf'), readFileSync(join(PEERS, 'nchan.conf'), 'utf8').replaceAll('PORT', port).replaceAll('FILES', FILES));
  const logFile = join(folder, 'error.log');
  const nginx = new Process(['/usr/sbin/nginx', '-p', `${folder}/`, '-e', logFile, '-c', 'nginx.conf'], { folder, logFile });
  bench.stopsLater(() => nginx.stop());
  await until('nchan listens', () => {
    if (!nginx.running) throw new Error(`nchan did not start:\n${nginx.log}`);
    return answers(port);
  });
  return new Contender(bench, {
    name: 'nchan', port, root: nginx.pid, workers: /nginx: worker/, postPath: (room) => `/post/${room}`, openedBy: ': hi',
    request: 'GET /read/%TOKEN% HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n',
  });
}

// An empty mask is a mask: a client's frame must have one.
const CONNECT_FRAME = Buffer.concat([Buffer.from([0x81, 0x82, 0, 0, 0, 0]), Buffer.from('40')]);

export async function startSocketIo(bench) {
  bench.sql('create database peer');
  const database = { host: bench.sockets, user: 'postgres', database: 'peer' };
  const child = spawn('node', [join(PEERS, 'socketio.mjs')], {
    env: { ...cleanEnvironment(), PEER_DB: JSON.stringify(database), NODE_ENV: 'production' }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  bench.stopsLater(() => child.kill('SIGKILL'));
  const port = await new Promise((done, fail) => {
    child.stdout.once('data', (text) => done(String(text).trim()));
    child.once('exit', (code) => fail(new Error(`socket.io ended with ${code}`)));
  });
  return new Contender(bench, {
    name: 'socket.io', port, root: child.pid, workers: null, postPath: (room) => `/post/${room}`, openedBy: '40{', second: CONNECT_FRAME,
    request: 'GET /socket.io/?EIO=4&transport=websocket&room=%TOKEN% HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n'
      + 'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n',
  });
}
