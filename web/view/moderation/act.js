// An act of the audit in a row: what was done to whom, and below it by whom, where, until when, why and when.
import { matterOf } from '../../lib/acts.js';
import { harmless } from '../../lib/text.js';
import { more } from '../../lib/more.js';
import { hasEnd } from '../../lib/time.js';
import { words } from '../../lib/words.js';
import { clock } from '../clock.js';
import { html, useWorld } from '../html.js';
import { Row } from '../listing.js';

export function Act({ act, children }) {
  const { rooms } = useWorld();
  return html`<${Row} title=${titleOf(act)} told=${toldOf(act, rooms)}>${children}</${Row}>`;
}

export function titleOf(act) {
  const whom = [act.user && harmless(act.user.name), harmless(matterOf(act))].filter(Boolean).join(', ');
  const what = more.acts[act.action] ?? act.action;
  return whom ? words.said(what, whom) : what;
}

function toldOf({ actor, via, room_id: roomId, reason, at, ...act }, rooms) {
  const until = act.until ?? act.detail?.raid_until;
  const room = roomId && rooms.of(roomId);
  return [
    more.byWhom(actor ? harmless(actor.name) : via),
    room && words.inRoom(harmless(rooms.nameOf(room))),
    hasEnd(until) && more.until(clock.brief(until)),
    reason && harmless(reason),
    clock.brief(at),
  ].filter(Boolean).join(' · ');
}
