// What a browser says of itself, as people call it: a browser and a system, where they are known.

const BROWSERS = [['Edge', /\bEdgA?\//], ['Opera', /\bOPR\//], ['Samsung Internet', /\bSamsungBrowser\//], ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chromium', /\bHeadlessChrome\//], ['Chrome', /\b(?:Chrome|CriOS)\//], ['Safari', /\bSafari\//], ['curl', /^curl\//]];
const SYSTEMS = [['Android', /\bAndroid\b/], ['iPhone', /\biPhone\b/], ['iPad', /\biPad\b/], ['Windows', /\bWindows\b/], ['macOS', /\bMac OS X\b/], ['Linux', /\bLinux\b/]];

/** → {browser, system}, each a name or null */
export function describeAgent(agent) {
  const find = (list) => list.find(([, pattern]) => pattern.test(agent))?.[0] ?? null;
  return { browser: find(BROWSERS), system: find(SYSTEMS) };
}
