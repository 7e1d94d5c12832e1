// One of the servers in a comparison: the same load generators, told how this one is asked.
import { descendants } from '../harness/processes.mjs';
import { privateBytes, secondsOf } from './machine.mjs';

export class Contender {
  #bench;
  #root;
  #workers;

  /**
   * `request` opens a stream, with %TOKEN% for who or what is read; `postPath(room)` is where one posts. `root` is the process above all of
   * its own; `workers` matches those that hold streams (all of them when null).
   */
  constructor(bench, { name, port, root, workers = null, request, postPath, openedBy, second = null, readers = ['1'], posters = [''] }) {
    Object.assign(this, { name, port, request, postPath, openedBy, second, readers, posters });
    this.#bench = bench;
    this.#root = root;
    this.#workers = workers;
  }

  /** Opens streams: as Bench.listen. */
  listen(options) {
    const { port, request, openedBy, second } = this;
    return this.#bench.listen({ port, request, openedBy, second, tokens: this.readers, ...options });
  }

  /** Posts into `rooms`, in turns: as Bench.post. */
  post({ rooms = [1], ...options }) {
    return this.#bench.post({ port: this.port, tokens: this.posters, paths: rooms.map(this.postPath), ...options });
  }

  #pids() {
    const own = descendants(this.#root);
    return this.#workers ? own.filter(({ command }) => this.#workers.test(command)).map(({ pid }) => pid) : [this.#root, ...own.map(({ pid }) => pid)];
  }

  /** Bytes of memory that belong to those who hold streams. */
  memory() {
    return this.#pids().reduce((sum, pid) => sum + privateBytes(pid), 0);
  }

  /** Seconds of processor time that those who hold streams have used. */
  seconds() {
    return secondsOf(this.#pids());
  }

  /** What happens to `count` streams while `post` runs: the latency of each message's last reader, what was delivered. */
  async deliver({ count, posting, ...options }) {
    const { open, result } = await this.listen({ connections: count, seconds: (posting.seconds ?? 5) + 5, ...options });
    const posted = await this.post(posting);
    return { open, posted, got: await result };
  }
}
