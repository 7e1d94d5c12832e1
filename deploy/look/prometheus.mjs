// The text format of Prometheus, as far as our programs speak it.

/** name → [{labels, value}] */
export function parse(text) {
  const series = new Map();
  for (const [, name, labels, value] of text.matchAll(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/gm)) {
    if (!series.has(name)) series.set(name, []);
    series.get(name).push({ labels: Object.fromEntries([...(labels ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, k, v]) => [k, v])), value: Number(value) });
  }
  return series;
}

/** The sum over all series of a name that have these labels; 0 when there is none. */
export function sum(series, name, labels = {}) {
  return (series.get(name) ?? []).filter((one) => Object.entries(labels).every(([key, value]) => one.labels[key] === value))
    .reduce((all, { value }) => all + value, 0);
}

/** The values that a label has. */
export function labelled(series, name, label) {
  return [...new Set((series.get(name) ?? []).map(({ labels }) => labels[label]))];
}

/** What a share of all observations did not exceed, as histogram_quantile has it; null when there was none. */
export function quantile(series, name, share, labels = {}) {
  const bounds = labelled(series, `${name}_bucket`, 'le').map((le) => ({ le: le === '+Inf' ? Infinity : Number(le), count: sum(series, `${name}_bucket`, { ...labels, le }) }))
    .sort((a, b) => a.le - b.le);
  const all = bounds.at(-1)?.count ?? 0;
  if (all === 0) return null;
  const at = bounds.findIndex(({ count }) => count >= share * all);
  const below = bounds[at - 1] ?? { le: 0, count: 0 };
  if (bounds[at].le === Infinity) return below.le;
  return below.le + (bounds[at].le - below.le) * ((share * all - below.count) / (bounds[at].count - below.count));
}

/** Lines of one metric: values is [[labels, value], …]. */
export function write(name, type, help, values) {
  const text = (labels) => Object.entries(labels).map(([key, value]) => `${key}="${String(value).replace(/[\\"]/g, '\\$&')}"`).join(',');
  const lines = values.map(([labels, value]) => `${name}${Object.keys(labels).length > 0 ? `{${text(labels)}}` : ''} ${value}\n`);
  return lines.length > 0 ? `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}` : '';
}
