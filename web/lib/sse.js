// Reads the text of an event stream that came as a whole (`?once=1`). No I/O.

/** → [{cursor, type, data}], data decoded from JSON; what is not JSON is left out. */
export function parseEvents(text) {
  return text.split(/\r?\n\r?\n/).map(parseOne).filter(Boolean);
}

function parseOne(block) {
  const fields = { id: null, event: 'message', data: [] };
  for (const line of block.split(/\r?\n/)) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name === 'data') fields.data.push(value);
    else if (name in fields) fields[name] = value;
  }
  return fields.data.length ? decode(fields) : null;
}

function decode({ id, event, data }) {
  try {
    return { cursor: id, type: event, data: JSON.parse(data.join('\n')) };
  } catch {
    return null;
  }
}
