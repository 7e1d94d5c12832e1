import { readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { Client } from '../../harness/client.mjs';
import { all, atLeast, atMost, atMostTimes } from '../targets.mjs';

export const title = 'Images: photographs of 12 megapixels, a page of thumbnails, and talking meanwhile';

const ALONE = 15;        // uploads one after the other
const THUMBS = 50;
const AT_ONCE = 20;
const SECONDS = 10;
const RATE = 100;        // posts a second
const TALK_SECONDS = 20; // the slowest post of a hundred is one of twenty then
const PIECE = 64 << 10;  // bytes that somebody's line takes …
const PIECE_MS = 5;      // … in so long: 100 Mbit/s

/** JPEG files of this size, made now. */
function photos(bench, width, height, count) {
  const folder = bench.subfolder(`photos-${width}`);
  bench.make('photo', [width, height, count, folder]);
  return Array.from({ length: count }, (_, i) => readFileSync(join(folder, `${i + 1}.jpg`)));
}

const upload = (client, file) => client.post('/api/uploads', file, { 'content-type': 'image/jpeg' });

/** Milliseconds from the first byte until others can see it in a message. */
async function send(client, file) {
  const start = performance.now();
  const { status, body, text } = await upload(client, file);
  if (status !== 201) throw new Error(`${status} ${text}`);
  await client.post('/api/rooms/1/messages', { text: '', images: [body.id] });
  return performance.now() - start;
}

/** Fifty thumbnails that somebody sees who scrolls through the room, asked for again and again: TOKEN PATH. */
async function thumbnails(bench, client, token) {
  const ids = [];
  for (const file of photos(bench, 1200, 900, THUMBS)) ids.push((await upload(client, file)).body.id);
  for (let i = 0; i < THUMBS; i += 10) await client.post('/api/rooms/1/messages', { text: '', images: ids.slice(i, i + 10) });
  return ids.map((id) => `${token} /api/uploads/${id}/thumb`);
}

/** An upload over a line of somebody's own, which does not take the whole file at once as loopback does. Gives {status, body}. */
function uploadOverLine(client, file) {
  return new Promise((done, fail) => {
    const headers = { authorization: `Bearer ${client.token}`, 'content-type': 'image/jpeg', 'content-length': file.length };
    const request = http.request(`${client.url}/api/uploads`, { method: 'POST', headers, agent: false });
    let answer = null;
    const send = async () => {
      for (let at = 0; at < file.length && !answer; at += PIECE) {
        request.write(file.subarray(at, at + PIECE));
        await setTimeout(PIECE_MS);
      }
      request.end();
    };
    request.on('response', (response) => {
      answer = response;
      json(response).then((body) => { request.destroy(); done({ status: response.statusCode, body }); }, fail);
    });
    request.on('error', (error) => { if (!answer) fail(error); });
    send();
  });
}

/** So many people who upload, one image after the other, until `stop`; who is told to come back later does. Gives how many were taken. */
function crowd(clients, files) {
  let isOver = false, taken = 0;
  const one = async (client, i) => {
    for (let k = i; !isOver; k++) {
      const { status, body } = await uploadOverLine(client, files[k % files.length]);
      if (status === 201) taken++;
      else await setTimeout(1000 * body.retry_after);
    }
  };
  const ended = Promise.all(Array.from({ length: AT_ONCE }, (_, i) => one(clients[i % clients.length], i)));
  return async () => {
    isOver = true;
    await ended;
    return taken;
  };
}

export async function* measure(bench) {
  await bench.start();
  const tokens = bench.people('person', 40);
  const clients = tokens.map((token) => new Client(bench.url, { token }));
  const files = photos(bench, 4000, 3000, ALONE + 1);

  const unpin = bench.pin(/parley-image/);
  await send(clients[0], files.pop());
  const times = [], before = bench.seconds(/parley-image/);
  for (const file of files) times.push(await send(clients[0], file));
  const used = (bench.seconds(/parley-image/) - before) * 1000 / ALONE;
  times.sort((a, b) => a - b);
  yield { what: 'KB of a photograph', figure: Math.round(files[0].length / 1000) };
  yield { what: `12 megapixels until they stand in a message, one core, ms: median of ${ALONE}`, figure: Math.round(times[ALONE >> 1]) };
  yield { what: '12 megapixels until they stand in a message, one core, ms: the slowest', figure: Math.round(times.at(-1)), ...atMost(times.at(-1), 700) };
  yield { what: 'ms of processor time a photograph: parley-image and its decoder', figure: Math.round(used) };
  unpin();

  const lines = await thumbnails(bench, clients[0], tokens[1]);
  await bench.ask({ lines, connections: 32, seconds: 2 });
  const { result: thumbs, us } = await bench.costs(() => bench.ask({ lines, connections: 32, seconds: SECONDS }));
  yield { what: `${THUMBS} thumbnails from the cache: each/s, 32 connections`, figure: thumbs.per_second, ...atLeast(thumbs.per_second, 8000) };
  yield { what: 'a thumbnail: p99 ms', figure: thumbs.p99_ms };
  yield { what: 'a thumbnail: KB', figure: Math.round(thumbs.bytes / 1000) };
  for (const [part, each] of Object.entries(us)) yield { what: `µs of processor time a thumbnail: ${part}`, figure: each };
  yield { what: 'refused', figure: thumbs.refused, ...all(thumbs.refused, 0), target: '0' };

  const talk = () => bench.post({ tokens: tokens.slice(20), connections: 16, seconds: TALK_SECONDS, rate: RATE });
  await talk();
  const calm = await talk();
  const stop = crowd(clients.slice(0, 20), files);
  const busy = await talk();
  const taken = await stop();
  yield { what: `${RATE} posts/s without, while ${AT_ONCE} uploads run: p50 ms`, figure: `${calm.p50_ms}, ${busy.p50_ms}` };
  yield { what: `${RATE} posts/s: p99 ms`, figure: calm.p99_ms };
  yield { what: `${RATE} posts/s while ${AT_ONCE} uploads run: p99 ms`, figure: busy.p99_ms, ...atMostTimes(busy.p99_ms, calm.p99_ms, 2, 'without') };
  yield { what: 'photographs taken meanwhile, a second', figure: taken / TALK_SECONDS, ...atLeast(taken / TALK_SECONDS, 1.5) };
}
