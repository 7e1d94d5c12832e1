// One room's messages as far as the page holds them: a window of at most some 300, moved by loading before and
// after it, and kept true by events. Whoever shows it sets `following`: then the newest end is what is kept.
import { batch, signal } from '@preact/signals-core';
import { FIRST_PAGE } from '../lib/opening.js';
import { change, changeQuotes, findGap, merge, react } from '../lib/stretch.js';

const UNREAD_SHARE = 2 / 3; // with more unread than that of the first page, it is loaded around the end of what is read
const PAGE = 50;
const MOST = 300;
const KEPT = 220;
const FEW = 10; // go at once while the end is followed: all that is too much would be felt by whoever types
const GAP_PATIENCE_MS = 700;
const QUOTE_LENGTH = 140;

export class Timeline {
  messages = signal([]);
  moreBefore = signal(false);
  moreAfter = signal(false);
  /** null, "first", "before" or "after" */
  loading = signal(null);
  problem = signal(null);
  /** Where to look after loading: {kind: "end"} | {kind: "message", id} | {kind: "new"}; a new object each time. */
  target = signal(null);
  /** The n of the last message that was read when the room was opened; the divider "new" stands after it. */
  newAfter = signal(null);
  following = true;
  #api;
  #path;
  #meanwhile = [];
  #loaded = false;
  #loads = 0;
  #filling = false;
  #gapTimer = null;

  constructor(api, room) {
    this.#api = api;
    this.#path = `/rooms/${room}/messages`;
  }

  get isEmpty() { return !this.messages.value.length; }

  /** Whether messages of this person are here, or quoted here, or may be on their way. */
  holds(person) {
    return this.loading.value !== null || this.messages.value.some(({ user, reply_to: quote }) => user.id === person || quote?.user?.id === person);
  }

  /** Opens at the first unread message, or at the end. */
  async open({ read_n: readN, read_up_to: readUpTo, unread }) {
    this.newAfter.value = unread > 0 ? readN : null;
    if (this.#holds(readN, unread)) return this.#aim(unread ? { kind: 'new' } : { kind: 'end' });
    const where = readUpTo ? { around: readUpTo } : { after: 0 };
    return this.#loadFirst({ limit: FIRST_PAGE, ...(unread > FIRST_PAGE * UNREAD_SHARE && where) }, unread ? { kind: 'new' } : { kind: 'end' });
  }

  /** The page that came with the snapshot. */
  take(page) {
    batch(() => this.#replace(page, page.more_before));
  }

  /** As take() takes it: the last that is held. */
  get page() {
    return { messages: this.messages.value.slice(-FIRST_PAGE), more_before: this.moreBefore.value || this.messages.value.length > FIRST_PAGE, more_after: this.moreAfter.value };
  }

  async openAt(id) {
    this.newAfter.value = null;
    if (this.messages.value.some((message) => message.id === id)) return this.#stayAt(id);
    return this.#loadFirst({ around: id, limit: FIRST_PAGE }, { kind: 'message', id });
  }

  async goToEnd() {
    if (!this.moreAfter.value) return this.#aim({ kind: 'end' });
    return this.#loadFirst({ limit: FIRST_PAGE }, { kind: 'end' });
  }

  async loadBefore() {
    if (!this.moreBefore.value || this.loading.value || this.isEmpty) return;
    await this.#load('before', { before: this.messages.value[0].id, limit: PAGE }, (page) => {
      const all = merge(this.messages.value, page.messages);
      this.messages.value = all.length > MOST ? all.slice(0, KEPT) : all;
      this.moreBefore.value = page.more_before;
      if (all.length > MOST) this.moreAfter.value = true;
    });
  }

  async loadAfter() {
    if (!this.moreAfter.value || this.loading.value || this.isEmpty) return;
    await this.#load('after', { after: this.messages.value.at(-1).id, limit: PAGE }, (page) => {
      const all = merge(this.messages.value, page.messages);
      this.messages.value = all.length > MOST ? all.slice(-KEPT) : all;
      this.moreAfter.value = page.more_after;
      if (all.length > MOST) this.moreBefore.value = true;
    });
  }

  /** After the stream was told to start afresh: the same part of the room as it is now. */
  async refresh() {
    if (this.isEmpty) return this.#loadFirst({ limit: FIRST_PAGE }, { kind: 'end' });
    const first = this.messages.value[0].id;
    if (this.following) return this.#loadFirst({ limit: FIRST_PAGE }, { kind: 'end' });
    return this.#load('first', { after: first - 1, limit: 200 }, (page) => this.#replace(page, this.moreBefore.value));
  }

  /** A message that was posted, by the stream or as the answer to my own call. */
  append(message) {
    this.#again(() => this.append(message));
    if (this.loading.value === 'first' || this.moreAfter.value) return;
    const all = merge(this.messages.value, [message]);
    if (this.following && all.length > KEPT + FEW) this.#keepEnd(all);
    else if (all.length <= MOST) this.messages.value = all;
    else this.moreAfter.value = true;
    this.#watchGaps();
  }

  /** @param message what is known of it, whole or only what is new */
  edit(message) {
    this.#change(message.id, (known) => ({ ...known, ...message }), (quote) => ({ ...quote, text: (message.text ?? '').slice(0, QUOTE_LENGTH) }));
  }

  remove({ id, by, at }) {
    this.#change(id, (message) => ({ ...message, text: null, images: [], deleted: { by, at } }),
      (quote) => ({ ...quote, text: null, deleted: { by, at } }));
  }

  react(reaction, on) {
    const { message_id: id, emoji, user } = reaction;
    this.#again(() => this.react(reaction, on));
    this.messages.value = change(this.messages.value, id, (message) => react(message, emoji, user.id, on));
  }

  close() {
    clearTimeout(this.#gapTimer);
  }

  /** Whether what one wants to see first is here: the first unread message, or the end. */
  #holds(readN, unread) {
    const all = this.messages.value;
    if (!this.#loaded || this.problem.value) return false;
    if (!unread) return !this.moreAfter.value;
    return all.at(-1)?.n > readN && (all[0].n <= readN + 1 || !this.moreBefore.value);
  }

  /** What is still loading for where one was before would take this place away. */
  #stayAt(id) {
    this.#loads += 1;
    batch(() => { this.#settle(); this.#aim({ kind: 'message', id }); });
  }

  #aim(target) {
    this.target.value = { ...target };
  }

  #change(id, message, quote) {
    this.#again(() => this.#change(id, message, quote));
    this.messages.value = changeQuotes(change(this.messages.value, id, message), id, quote);
  }

  #keepEnd(all) {
    this.messages.value = all.slice(FEW);
    this.moreBefore.value = true;
  }

  async #loadFirst(query, target) {
    await this.#load('first', query, (page) => { this.#replace(page, page.more_before); this.#aim(target); });
  }

  #replace(page, moreBefore) {
    this.#loaded = true;
    this.messages.value = page.messages;
    this.moreBefore.value = moreBefore;
    this.moreAfter.value = page.more_after;
  }

  async #load(kind, query, take) {
    const mine = (this.#loads += 1);
    this.loading.value = kind;
    this.problem.value = null;
    try {
      const page = await this.#api.get(this.#path, query);
      if (mine === this.#loads) batch(() => { take(page); this.#settle(); });
    } catch (problem) {
      if (mine === this.#loads) batch(() => { this.problem.value = problem; this.#settle(); });
    }
  }

  /** What happens while a page is loading may be newer than the page: it is done once more on top of it. */
  #again(what) {
    if (this.loading.value || this.#filling) this.#meanwhile.push(what);
  }

  #catchUp() { for (const what of this.#meanwhile.splice(0)) what(); }

  #settle() {
    this.loading.value = null;
    this.#catchUp();
    this.#watchGaps();
  }

  #watchGaps() {
    if (this.#gapTimer || !findGap(this.messages.value)) return;
    this.#gapTimer = setTimeout(() => { this.#gapTimer = null; this.#fillGap(); }, GAP_PATIENCE_MS);
  }

  /** Unless another stretch is held by then, or what is held is asked for afresh. */
  async #fillGap() {
    const gap = findGap(this.messages.value);
    if (!gap || this.loading.value || this.#filling) return;
    const loads = this.#loads;
    this.#filling = true;
    const page = await this.#api.get(this.#path, { after: gap.after, limit: Math.min(200, gap.missing) }).catch(() => null);
    this.#filling = false;
    batch(() => {
      if (page && loads === this.#loads) this.messages.value = merge(this.messages.value, page.messages);
      if (!this.loading.value) this.#catchUp();
    });
    if (page) this.#watchGaps();
  }
}
