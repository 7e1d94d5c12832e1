// What a page may put on the desk of its reader: notifications, one a room, by the browser's permission. Where a page may not make
// them itself (on phones) the service worker does; a press on one leads to the message, here or there.
import { messagePath } from '../lib/route.js';
import { summaryOf } from '../lib/summary.js';
import { harmless } from '../lib/text.js';
import { words } from '../lib/words.js';
import { Notices } from '../model/notices.js';
import { go } from './location.js';

const ICON = '/icons/icon-192.png';
const tagOf = (room) => `room ${room}`;

const begun = new WeakMap();

/** The notifications of this world, begun when they are first wanted. */
export function noticesOf(world) {
  if (!begun.has(world)) begun.set(world, begin(world));
  return begun.get(world);
}

function begin(world) {
  const desk = new Desk();
  const notices = new Notices(desk, world);
  const leave = () => desk.clear();
  addEventListener('pagehide', leave);
  world.join(notices);
  world.join({ event() {}, close: () => removeEventListener('pagehide', leave) });
  return notices;
}

class Desk {
  /** room → the Notification that this page has made */
  #made = new Map();

  /** "granted", "denied", "default", or "unavailable" where the browser has none */
  get permission() { return globalThis.Notification?.permission ?? 'unavailable'; }

  /** Whether somebody has the page before their eyes. */
  looking() { return document.visibilityState === 'visible' && document.hasFocus(); }

  async ask() {
    return this.permission === 'default' ? Notification.requestPermission() : this.permission;
  }

  show(room, name, messages, { count, silent }) {
    const last = messages.at(-1);
    const told = { ...textOf(room, name, last, count), tag: tagOf(room.id), renotify: !silent, silent, icon: ICON, timestamp: Date.parse(last.at), lang: words.language };
    const path = messagePath(room.id, last.id);
    try {
      const made = new Notification(told.title, told);
      made.onclick = () => { made.close(); globalThis.focus(); go(path); };
      this.#made.set(room.id, made);
    } catch {
      worker().then((registration) => registration?.showNotification(told.title, { ...told, data: { path } })).catch(() => {});
    }
  }

  /** A press on what this page has made leads nowhere once the page is gone. */
  clear() {
    for (const room of [...this.#made.keys()]) this.close(room);
  }

  async close(room) {
    this.#made.get(room)?.close();
    this.#made.delete(room);
    const registration = await worker().catch(() => null);
    for (const each of await registration?.getNotifications({ tag: tagOf(room) }) ?? []) each.close();
  }
}

const worker = async () => navigator.serviceWorker?.getRegistration();

/** Who says what, and where; of several messages how many, and the last one. */
function textOf(room, name, last, count) {
  const author = harmless(last.user.name);
  const said = summaryOf(last);
  const place = room.kind === 'direct' ? null : harmless(name);
  if (count > 1) return { title: words.noticeSeveral(count, place ?? author), body: place ? words.said(author, said) : said };
  return { title: place ? words.noticeIn(author, place) : author, body: said };
}
