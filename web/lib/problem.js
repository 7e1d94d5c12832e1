// What went wrong with a call, in the shape that the server's problem documents have.

const PASSING = new Set([0, 408, 429, 500, 502, 503, 504]);

export class Problem extends Error {
  constructor({ status, code, title, detail, fields, retryAfter = 0 }) {
    super(title ?? '');
    Object.assign(this, { name: 'Problem', status, code, title, detail, fields, retryAfter });
  }

  /** The same call may well succeed later, unchanged. */
  get passes() {
    return PASSING.has(this.status);
  }
}

/** Nobody answered: no network, or the server is down. */
export const unreachable = () => new Problem({ status: 0, code: 'unreachable' });

export function problemOf(status, text, retryAfter) {
  const told = parse(text);
  return new Problem({ ...told, status, code: told.code ?? `http_${status}`, retryAfter: Number(retryAfter) || 0 });
}

function parse(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === 'object' ? value : {};
  } catch {
    return {};
  }
}
