// The settings of the server as a form has them: in groups, each value from and to text, by the schema that the server tells.

const GROUPS = [
  ['server', /^(name|guests|registration|images)$/],
  ['keeping', /_days$/],
  ['limits', /^(limit_|arrivals_|sign_in_)/],
  ['floods', /^flood_/],
  ['newcomers', /^newcomer_/],
  ['other', /^(?!raid_until$)/], // the raid has a switch of its own
];
const KEEPING = ['message_days', 'log_days', 'audit_days']; // what a preview can be had of

/** → [[group, [key, …]], …] of those that have any, in the order of the schema */
export function groupsOf(schema) {
  const rest = new Set(Object.keys(schema));
  return GROUPS.map(([group, pattern]) => {
    const keys = [...rest].filter((key) => pattern.test(key));
    for (const key of keys) rest.delete(key);
    return [group, keys];
  }).filter(([, keys]) => keys.length);
}

/** The value that a field's text stands for. */
export function valueOf({ type }, text) {
  if (type === 'boolean') return text === true || text === 'true';
  return type === 'integer' ? Number(text) : text;
}

/** → {key: value} of what is another than it is now */
export function changesOf(schema, settings, wanted) {
  return Object.fromEntries(Object.entries(wanted).map(([key, text]) => [key, valueOf(schema[key], text)]).filter(([key, value]) => value !== settings[key]));
}

/** What to ask a preview of, or null when what is kept stays as it is. */
export function keepingOf(changes) {
  const asked = Object.entries(changes).filter(([key]) => KEEPING.includes(key));
  return asked.length ? Object.fromEntries(asked) : null;
}
