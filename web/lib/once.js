// What is dear to make and may never be needed (the formats of Intl are): made at the first call, then kept.

export function once(make) {
  let made;
  return () => (made ??= make());
}
