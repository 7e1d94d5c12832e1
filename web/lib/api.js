// Calls of the HTTP API. One verb, call(); every refusal and every lost connection comes out as a Problem.
import { Problem, problemOf, unreachable } from './problem.js';

const TIMEOUT_MS = 15_000;

export class Api {
  #fetch;

  constructor(fetcher = (...args) => fetch(...args)) {
    this.#fetch = fetcher;
  }

  get = (path, query) => this.call('GET', path + queryOf(query));
  post = (path, body) => this.call('POST', path, body);
  put = (path, body) => this.call('PUT', path, body);
  patch = (path, body) => this.call('PATCH', path, body);
  delete = (path, body) => this.call('DELETE', path, body);

  /** → the decoded answer, or null when it is empty; throws a Problem. */
  async call(method, path, body) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try {
      const answer = await this.#fetch(`/api${path}`, requestOf(method, body, stop.signal));
      return await readAnswer(answer);
    } catch (error) {
      throw error instanceof Problem ? error : unreachable();
    } finally {
      clearTimeout(timer);
    }
  }
}

function requestOf(method, body, signal) {
  const request = { method, signal, headers: { accept: 'application/json' }, credentials: 'same-origin' };
  if (body !== undefined) {
    request.headers['content-type'] = 'application/json';
    request.body = JSON.stringify(body);
  }
  return request;
}

async function readAnswer(answer) {
  const text = await answer.text();
  if (!answer.ok) throw problemOf(answer.status, text, answer.headers.get('retry-after'));
  return text ? JSON.parse(text) : null;
}

export function queryOf(query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length ? `?${new URLSearchParams(given)}` : '';
}
