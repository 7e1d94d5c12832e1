// Choosing an emoji: asks emoji-picker-element's database, which is kept up elsewhere, but draws the
// choice itself, because that library's own picker needs inline styles, which the page's CSP forbids.
import { signal } from '@preact/signals';
import { words } from '../lib/words.js';

const DATA = `/vendor/emoji/${words.language}@1.8.0.json`;

/** What is asked for now: {near, back, answer}, or null. */
export const asked = signal(null);

let database = null;

/** Opens at an element, whose message, or else itself, gets the focus back; → the emoji, or null when closed without a choice. */
export function pickEmoji(near) {
  finish(null);
  const back = near.closest('article') ?? near;
  return new Promise((answer) => { asked.value = { near: near.getBoundingClientRect(), back, answer }; });
}

export function finish(emoji) {
  const open = asked.value;
  asked.value = null;
  if (emoji && open) opened().then((all) => all.incrementFavoriteEmojiCount(emoji)).catch(() => {});
  open?.back.focus({ preventScroll: true });
  open?.answer(emoji);
}

/** → [{unicode, name}]: by search text of two letters or more, else by group number. */
export async function findEmoji(text, group) {
  const all = await opened();
  const found = text.length > 1 ? await all.getEmojiBySearchQuery(text)
    : await all.getEmojiByGroup(group);
  return found.map(({ unicode, annotation }) => ({ unicode, name: annotation }));
}

async function opened() {
  if (!database) {
    const { default: Database } = await import('emoji-picker-element/database.js');
    database = new Database({ dataSource: DATA, locale: words.language });
  }
  await database.ready();
  return database;
}
