// Images on their way to the server, by room: each with its progress, until the message that names them is sent.
import { signal } from '@preact/signals-core';
import { makeId } from '../lib/ids.js';
import { refusalOf, LARGEST_MB } from '../lib/images.js';
import { problemOf, unreachable } from '../lib/problem.js';

const AT_A_TIME = 3; // more of one session the server takes none

export class Uploads {
  /** room → [{key, file, name, alt, preview, percent, image, problem}] */
  rooms = signal(new Map());
  #env;
  #complain;
  #requests = new Map();
  #waiting = [];

  /** @param env {XMLHttpRequest, URL}: fetch tells no progress */
  constructor(env, complain) {
    this.#env = env;
    this.#complain = complain;
  }

  of(room) {
    return this.rooms.value.get(room) ?? [];
  }

  add(room, files) {
    for (const file of files) {
      const refusal = refusalOf(file);
      if (refusal) this.#complain(refusal, file.name, LARGEST_MB);
      else this.#start(room, file);
    }
  }

  /** Images that a reload of the page would lose. */
  get pending() {
    return [...this.rooms.value.values()].some((uploads) => uploads.length > 0);
  }

  retry(room, key) {
    const { file } = this.of(room).find((upload) => upload.key === key);
    this.#change(room, key, { problem: null, percent: 0 });
    this.#send(room, key, file);
  }

  /** What failed for a reason that passes. */
  retryAll() {
    for (const [room, uploads] of this.rooms.value) {
      for (const { key, problem } of uploads) if (problem?.passes) this.retry(room, key);
    }
  }

  remove(room, key) {
    this.#requests.get(key)?.abort();
    this.#waiting = this.#waiting.filter((waiting) => waiting.key !== key);
    this.#forget(this.of(room).find((upload) => upload.key === key));
    this.#set(room, this.of(room).filter((upload) => upload.key !== key));
    this.#finish(key);
  }

  /** What it shows, for those who do not see it. */
  describe(room, key, alt) {
    this.#change(room, key, { alt });
  }

  /** The finished images, taken out: they belong to a message now. */
  take(room) {
    const images = this.of(room).filter(({ image }) => image).map(({ image, alt }) => ({ ...image, alt: alt.trim() }));
    for (const upload of this.of(room)) this.#forget(upload);
    this.#set(room, []);
    return images;
  }

  close() {
    this.#waiting = [];
    for (const request of this.#requests.values()) request.abort();
  }

  #start(room, file) {
    const key = makeId();
    const preview = this.#env.URL.createObjectURL(file);
    const upload = { key, file, name: file.name || 'image', alt: '', preview, percent: 0, image: null, problem: null };
    this.#set(room, [...this.of(room), upload]);
    this.#send(room, key, file);
  }

  /** At once, or as soon as an earlier one has ended. */
  #send(room, key, file) {
    if (this.#requests.size < AT_A_TIME) this.#request(room, key, file);
    else this.#waiting.push({ room, key, file });
  }

  #finish(key) {
    this.#requests.delete(key);
    const next = this.#requests.size < AT_A_TIME && this.#waiting.shift();
    if (next) this.#request(next.room, next.key, next.file);
  }

  #request(room, key, file) {
    const request = new this.#env.XMLHttpRequest();
    this.#requests.set(key, request);
    request.upload.onprogress = ({ loaded, total }) => this.#change(room, key, { percent: Math.round((100 * loaded) / total) });
    request.onload = () => this.#done(room, key, request);
    request.onerror = () => {
      this.#change(room, key, { problem: unreachable() });
      this.#finish(key);
    };
    request.open('POST', '/api/uploads');
    request.setRequestHeader('content-type', file.type);
    request.send(file);
  }

  #done(room, key, request) {
    if (request.status === 201) {
      this.#change(room, key, { percent: 100, image: JSON.parse(request.responseText) });
    } else {
      this.#change(room, key, { problem: problemOf(request.status, request.responseText) });
    }
    this.#finish(key);
  }

  #change(room, key, how) {
    this.#set(room, this.of(room).map((upload) => (upload.key === key ? { ...upload, ...how } : upload)));
  }

  #forget(upload) {
    if (upload) this.#env.URL.revokeObjectURL(upload.preview);
  }

  #set(room, uploads) {
    this.rooms.value = new Map(this.rooms.value).set(room, uploads);
  }
}
