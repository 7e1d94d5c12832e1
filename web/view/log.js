// The conversation of one room: loads around where the reader is, follows the end or stays where it is.
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import { roomPath } from '../lib/route.js';
import { rowsOf } from '../lib/rows.js';
import { sentenceOf, words } from '../lib/words.js';
import { clock } from './clock.js';
import { html, useWorld } from './html.js';
import { Icon } from './icons.js';
import { moveByKeys } from './log-keys.js';
import { LogStart } from './log-start.js';
import { go, route } from './location.js';
import { DayRow, Message, NewRow } from './message.js';
import { ScrollKeeper } from './scroll-keeper.js';

export function Log({ roomId }) {
  const world = useWorld();
  const timeline = useMemo(() => world.timelines.use(roomId), [roomId]);
  const place = useMemo(() => ({ keeper: null, away: signal(false), asked: null, named: null }), [roomId]);
  // While drawing, not after it: what is drawn first must know where the reading ended before it is read on.
  useMemo(() => arrive(world, timeline, place, roomId), [roomId, route.value]);
  const box = useRef(null);
  const content = useRef(null);
  const messages = useShown(world, timeline, roomId);
  const rows = rowsOf(messages, { newAfter: timeline.newAfter.value, dayKey: clock.dayKey, me: world.me.id });

  useLayoutEffect(() => {
    place.keeper = new ScrollKeeper(box.current, content.current, { hasEnd: () => !timeline.moreAfter.peek(), moved: (where) => moved(world, timeline, place, roomId, where) });
    return () => place.keeper.close();
  }, [roomId]);
  useLayoutEffect(() => { settle(world, timeline, place, content.current); });
  useFollowOwn(world, timeline, place, roomId);

  const loading = timeline.loading.value;
  return html`
    <div class="log-place">
      <div class="log" role="log" aria-label=${words.messages} aria-live="off" aria-busy=${loading === 'first'} tabindex="0"
        ref=${box} onKeyDown=${moveByKeys}>
        <div class="log-content" ref=${content}>
          ${timeline.problem.value && html`<${LoadProblem} problem=${timeline.problem.value}
            again=${() => openPlace(world, timeline, roomId)} />`}
          ${!timeline.moreBefore.value && loading !== 'first' && !timeline.problem.value && html`<${LogStart} roomId=${roomId} empty=${!rows.length} />`}
          ${rows.map((row) => drawRow(row, world, roomId))}
        </div>
      </div>
      <${ToEnd} place=${place} timeline=${timeline} roomId=${roomId} />
    </div>`;
}

function drawRow({ kind, key, at, message, grouped }, world, roomId) {
  if (kind === 'day') return html`<${DayRow} key=${key} at=${at} />`;
  if (kind === 'new') return html`<${NewRow} key=${key} />`;
  return html`<${Message} key=${key} message=${message} grouped=${grouped} roomId=${roomId} />`;
}

/** What the server has, and, at the end, what is still on its way there. */
function useShown(world, timeline, roomId) {
  const messages = timeline.messages.value;
  const waiting = world.outbox.entries.value;
  const pendings = useMemo(() => new WeakMap(), [roomId]);
  if (timeline.moreAfter.value || !waiting.length) return messages;
  const confirmed = new Set(messages.map((message) => message.client_id));
  const mine = waiting.filter((entry) => entry.room_id === roomId && !confirmed.has(entry.client_id));
  return mine.length ? [...messages, ...mine.map((entry) => pendingMessage(pendings, entry, world.me))] : messages;
}

function pendingMessage(known, entry, me) {
  if (!known.has(entry)) known.set(entry, { ...entry, user: me, reactions: [], mentions: [], deleted: null });
  return known.get(entry);
}

/** The room is opened, or asked for once more: then one wants to see its end. That it gets an address is no visit. */
function arrive(world, timeline, place, roomId) {
  const { room, message } = route.value;
  const before = place.named;
  place.named = room === roomId;
  if (before === null || message) openPlace(world, timeline, roomId);
  else if (before && place.named) timeline.goToEnd();
}

/** At the message of the address, else at the first unread one. */
function openPlace(world, timeline, roomId) {
  const { room, message } = route.value;
  const { my } = world.rooms.of(roomId) ?? {};
  if (room === roomId && message) timeline.openAt(message);
  else if (my) timeline.open(my);
}

function goToEnd(timeline, roomId) {
  if (route.value.message) go(roomPath(roomId), { replace: true });
  else timeline.goToEnd();
}

/** After each drawing: goes where it was asked to go, else keeps the place. */
function settle(world, timeline, place, content) {
  const target = timeline.target.value;
  if (!target || target === place.asked || timeline.loading.value === 'first') return place.keeper.keep();
  place.asked = target;
  if (target.kind === 'end') return place.keeper.toEnd();
  const element = target.kind === 'new' ? content.querySelector('.new-row') : content.querySelector(`[data-id="${target.id}"]`);
  if (!element) {
    if (target.kind === 'message') world.notify('messageGone');
    return place.keeper.toEnd();
  }
  if (target.kind === 'new') return place.keeper.toDivider(element);
  place.keeper.toElement(element);
  return point(element);
}

function point(element) {
  element.focus({ preventScroll: true });
  element.classList.remove('pointed');
  requestAnimationFrame(() => element.classList.add('pointed'));
}

function moved(world, timeline, place, roomId, { following, nearStart, nearEnd }) {
  const atEnd = following && !timeline.moreAfter.value;
  timeline.following = atEnd;
  place.away.value = !atEnd && timeline.messages.peek().length > 0;
  if (nearStart) timeline.loadBefore();
  if (nearEnd) timeline.loadAfter();
  if (document.visibilityState === 'visible' && document.hasFocus()) readAlong(world, timeline, place, roomId);
}

function readAlong(world, timeline, place, roomId) {
  if (!place.asked || timeline.loading.value === 'first') return;
  const id = Number(place.keeper?.lastSeen()?.dataset.id);
  const message = id && timeline.messages.value.findLast((each) => each.id === id);
  if (message) world.reading.seen(roomId, message);
}

/** The reader looks at the page again: what came meanwhile is marked as new, and now it is read. */
function comeBack(world, timeline, place, roomId) {
  const { my } = world.rooms.of(roomId) ?? {};
  if (document.visibilityState !== 'visible' || !my) return;
  if (my.unread && timeline.newAfter.value === null) timeline.newAfter.value = my.read_n;
  readAlong(world, timeline, place, roomId);
}

/** What I write myself is always followed. */
function useFollowOwn(world, timeline, place, roomId) {
  const mine = world.outbox.of(roomId).at(-1)?.client_id;
  useLayoutEffect(() => {
    if (mine) goToEnd(timeline, roomId);
  }, [mine]);
  useEffect(() => {
    const look = () => comeBack(world, timeline, place, roomId);
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => { removeEventListener('focus', look); document.removeEventListener('visibilitychange', look); };
  }, [roomId]);
}

function ToEnd({ place, timeline, roomId }) {
  const { rooms } = useWorld();
  if (!place.away.value) return null;
  const fresh = rooms.of(roomId)?.my?.unread ?? 0;
  return html`
    <button class="to-end" onClick=${() => goToEnd(timeline, roomId)}>
      ${words.newBelow(fresh)}<${Icon} name="down" small />
    </button>`;
}

const LoadProblem = ({ problem, again }) => html`
  <div class="load-problem">
    <p>${words.loadFailed} ${sentenceOf(problem)}</p>
    <button class="button button-small" onClick=${again}>${words.tryAgain}</button>
  </div>`;
