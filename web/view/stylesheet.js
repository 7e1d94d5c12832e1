// A stylesheet that is loaded with the components that it is for. Waits for it, so that they are never seen without.

export function stylesheet(href) {
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
  const loaded = new Promise((done, failed) => { link.onload = done; link.onerror = failed; });
  document.head.append(link);
  return loaded;
}
