// What one may do with a message: a small bar at its upper edge. What is not allowed is not there.
import { useEffect, useRef, useState } from 'preact/hooks';
import { administers, isSomebodyElse, mayEdit, mayRemove, mayReport, mayWrite, moderates } from '../lib/rights.js';
import { messagePath } from '../lib/route.js';
import { harmless } from '../lib/text.js';
import { words } from '../lib/words.js';
import { ask, openDialog } from './dialogs.js';
import { editing } from './edit-form.js';
import { pickEmoji } from './emoji.js';
import { html, useWorld } from './html.js';
import { Icon } from './icons.js';
import { Menu, MenuItem } from './menu.js';
import { toggleReaction } from './reactions.js';

const QUICK = ['👍', '❤️', '😂'];

export function MessageActions({ message, roomId }) {
  const world = useWorld();
  const room = world.rooms.of(roomId);
  const bar = useRef(null);
  if (!room?.my) return null;
  const writes = mayWrite(room);
  return html`
    <div class="actions" role="toolbar" aria-label=${words.actions} ref=${bar}>
      ${writes && QUICK.map((emoji) => html`
        <button key=${emoji} class="button-icon" aria-label=${words.reactWith(emoji)} title=${words.reactWith(emoji)}
          onClick=${() => toggleReaction(world, message, emoji)}><span class="emoji">${emoji}</span></button>`)}
      ${writes && html`
        <${Action} icon="smile" label=${words.moreEmoji}
          onClick=${async () => { const emoji = await pickEmoji(bar.current); if (emoji) toggleReaction(world, message, emoji); }} />
        <${Action} icon="reply" label=${words.reply} onClick=${() => reply(world, message)} />`}
      <${More} world=${world} room=${room} message=${message} writes=${writes} />
    </div>`;
}

const Action = ({ icon, label, onClick }) => html`
  <button class="button-icon" aria-label=${label} title=${label} onClick=${onClick}><${Icon} name=${icon} /></button>`;

function More({ world, room, message, writes }) {
  const [open, setOpen] = useState(false);
  useEffect(() => { if (open) learn(world, room); }, [open]);
  const pinned = world.pins.has(room.id, message.id);
  const author = world.people.users.value.get(message.user.id) ?? message.user;
  const mayTake = mayRemove(message, world.me, room, author, world.members.roleOf(room.id, author.id));
  return html`
    <${Menu} label=${words.moreActions} icon="more" open=${open} setOpen=${setOpen}>
      ${mayEdit(message, world.me) && writes && html`
        <${MenuItem} icon="edit" onChoose=${() => { editing.value = message.id; }}>${words.edit}</${MenuItem}>`}
      ${writes && html`
        <${MenuItem} icon="pin" onChoose=${() => pin(world, message, !pinned)}>${pinned ? words.unpin : words.pin}</${MenuItem}>`}
      <${MenuItem} icon="link" onChoose=${() => copyLink(world, message)}>${words.copyLink}</${MenuItem}>
      ${isSomebodyElse(author, world.me) && html`
        <${MenuItem} icon="people" onChoose=${() => openDialog('person', { user: author.id, room: room.id })}>${words.aboutPerson(harmless(author.name))}</${MenuItem}>`}
      ${mayReport(message, world.me) && html`
        <${MenuItem} icon="flag" onChoose=${() => openDialog('report', message)}>${words.report}</${MenuItem}>`}
      ${mayTake && html`
        <${MenuItem} icon="trash" danger onChoose=${() => remove(world, message)}>${words.remove}</${MenuItem}>`}
    </${Menu}>`;
}

/** What is offered depends on the author's role here, and on whether the message is pinned. */
function learn(world, room) {
  if (moderates(room, world.me) && !world.members.of(room.id)) world.members.load(room.id).catch(() => {});
  if (!world.pins.of(room.id)) world.pins.load(room.id).catch(() => {});
}

function reply(world, message) {
  const { id, user, text } = message;
  world.drafts.change(message.room_id, { replyTo: { id, user, text } });
  document.querySelector('.composer textarea')?.focus();
}

async function pin(world, message, on) {
  const { id, room_id: room } = message;
  await (on ? world.pins.put(id) : world.pins.remove(id)).catch((problem) => world.complain(problem));
  await world.pins.load(room).catch(() => {});
}

async function remove(world, message) {
  if (!await ask(words.removeAsk, words.remove)) return;
  await world.api.delete(`/messages/${message.id}`).then(() => offerUndo(world, message), (problem) => world.complain(problem));
}

/** What one removes oneself of one's own has no way back. */
function offerUndo(world, message) {
  if (message.user.id === world.me.id || !administers(world.me)) return;
  world.notifyWithUndo(() => world.moderation.undo(['remove_message'], message, world.me), 'said', words.remove, words.done);
}

async function copyLink(world, message) {
  const link = new URL(messagePath(message.room_id, message.id), location.href).href;
  await navigator.clipboard?.writeText(link).then(() => world.notify('copied'), () => world.notify('said', words.copyLink, link));
}
