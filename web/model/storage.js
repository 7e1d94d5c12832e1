// What the page remembers in this browser, under the account that it belongs to. A browser that forbids
// storing only forgets more: nothing here throws.

export class Storage {
  #area;
  #prefix;

  constructor(area, owner) {
    this.#area = area;
    this.#prefix = `parley.${owner}.`;
  }

  read(key) {
    try {
      return JSON.parse(this.#area.getItem(this.#prefix + key));
    } catch {
      return null;
    }
  }

  write(key, value) {
    try {
      if (value === null || value === undefined) this.#area.removeItem(this.#prefix + key);
      else this.#area.setItem(this.#prefix + key, JSON.stringify(value));
    } catch { /* full or forbidden */ }
  }

  /** → [[key, value], …] of all keys that begin so, the beginning cut off. */
  all(beginning) {
    const whole = this.#prefix + beginning;
    return this.#keys().filter((key) => key.startsWith(whole))
      .map((key) => key.slice(this.#prefix.length))
      .map((key) => [key.slice(beginning.length), this.read(key)]);
  }

  #keys() {
    try {
      return Array.from({ length: this.#area.length }, (_, index) => this.#area.key(index));
    } catch {
      return [];
    }
  }
}
