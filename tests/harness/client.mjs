// A client that knows only the contract: calls, and the stream of events. Plain node:http, so that a test can send any header.
import http from 'node:http';
import { EventReader } from './events.mjs';

export class Client {
  /** `token` is sent as a bearer, `cookie` as the session cookie; `agent` keeps connections. */
  constructor(url, { token = null, cookie = null, headers = {} } = {}) {
    this.url = url;
    this.token = token;
    this.cookie = cookie;
    this.headers = headers;
    this.user = null;
  }

  #identity() {
    return {
      ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
      ...(this.cookie ? { cookie: `parley=${this.cookie}` } : {}),
      ...this.headers,
    };
  }

  /** Objects are sent as JSON, strings and buffers as they are (say what they are with a header). */
  request(method, path, body, headers = {}) {
    const bytes = body === undefined ? null : typeof body === 'string' || Buffer.isBuffer(body) ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
    const all = {
      ...(bytes ? { 'content-type': 'application/json', 'content-length': bytes.length } : {}),
      ...(!bytes && method !== 'GET' ? { 'content-length': 0 } : {}),
      ...this.#identity(), ...headers,
    };
    return new Promise((done, fail) => {
      const request = http.request(this.url + path, { method, headers: all, agent: false }, (response) => {
        collect(response).then(done, fail);
      });
      request.on('error', fail);
      request.end(bytes);
    });
  }

  get(path, headers) { return this.request('GET', path, undefined, headers); }
  post(path, body, headers) { return this.request('POST', path, body, headers); }
  put(path, body, headers) { return this.request('PUT', path, body, headers); }
  patch(path, body, headers) { return this.request('PATCH', path, body, headers); }
  del(path, headers) { return this.request('DELETE', path, undefined, headers); }

  /** A new client with the session that `POST path body` opens. */
  async signIn(path, body) {
    const answer = await this.post(path, body);
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    const client = new Client(this.url, { token: answer.body.token });
    client.user = answer.body.user;
    return client;
  }

  /** The same person in a browser: by cookie, from our own page. */
  byCookie() {
    const client = new Client(this.url, { cookie: this.token, headers: { origin: this.url, 'sec-fetch-site': 'same-origin' } });
    client.user = this.user;
    return client;
  }

  /** Opens `/api/events`; resolves when the answer has begun. Options: `since`, `lastEventId`, `once`. */
  events({ since, lastEventId, once, headers = {} } = {}) {
    const query = new URLSearchParams({ ...(since ? { since } : {}), ...(once ? { once: 1 } : {}) }).toString();
    const all = { accept: 'text/event-stream', ...this.#identity(), ...(lastEventId ? { 'last-event-id': lastEventId } : {}), ...headers };
    return EventReader.open(`${this.url}/api/events${query && `?${query}`}`, all);
  }
}

/** {status, headers, text, body}: `body` is the parsed JSON, if it is JSON. */
async function collect(response) {
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const type = response.headers['content-type'] ?? '';
  const body = /^application\/(problem\+)?json/.test(type) && text ? JSON.parse(text) : null;
  return { status: response.statusCode, headers: response.headers, text, body };
}
