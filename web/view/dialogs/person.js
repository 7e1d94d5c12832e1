// A person: who it is, and what one may do.
import { useEffect } from 'preact/hooks';
import { harmless } from '../../lib/text.js';
import { mayAdd, mayBan, mayTakeOut } from '../../lib/rights.js';
import { words } from '../../lib/words.js';
import { Dialog, ask, closeDialog, openDialog } from '../dialogs.js';
import { html, useWorld } from '../html.js';
import { Avatar } from '../person.js';
import { writeTo } from './new-direct.js';

/** What I may do against this person, each a dialog that says first what it will do. */
function Sanctions({ user, room, mayTake }) {
  const { me } = useWorld();
  const kinds = [...(mayTake ? ['mute', 'roomBan'] : []), ...(mayBan(me, user) ? ['ban'] : [])];
  const name = harmless(user.name);
  return kinds.map((kind) => html`
    <button key=${kind} class="button button-danger" onClick=${() => openDialog('sanction', { kind, user: user.id, room: room?.id ?? null })}>${words.sanctions[kind](name)}</button>`);
}

function Block({ user }) {
  const world = useWorld();
  const { me, moderation } = world;
  const blocked = moderation.blocked.value;
  useEffect(() => { if (!blocked) moderation.loadBlocks().catch(() => {}); }, []);
  if (user.id === me.id || !blocked) return null;
  const on = blocked.has(user.id);
  return html`<button class="button" onClick=${() => moderation.block(user.id, !on).catch((problem) => world.complain(problem))}>${(on ? words.unblock : words.block)(harmless(user.name))}</button>`;
}

/** Of whom one has only read, the name is known and not the rank, on which depends what is offered. */
function learn(world, id) {
  world.api.get(`/users/${id}`).then(({ user }) => world.people.learn([user]), (problem) => { closeDialog(); world.complain(problem); });
}

export function Person({ about: { user: id, room: roomId } }) {
  const world = useWorld();
  const user = world.people.users.value.get(id);
  const room = world.rooms.of(roomId);
  useEffect(() => { if (!user?.role) learn(world, id); }, [id]);
  if (!user?.role) return null;
  const name = harmless(user.name);
  const mayTake = room?.my && mayTakeOut(room, world.me, user, world.members.roleOf(roomId, id));

  async function takeOut() {
    closeDialog();
    if (!await ask(words.removePersonAsk(name), words.removePerson(name))) return;
    const role = world.members.roleOf(roomId, id);
    await world.members.takeOut(roomId, user).then(() => {
      world.members.left(roomId, user);
      if (mayAdd(room)) world.notifyWithUndo(() => world.members.add(roomId, user, role), 'said', words.removePerson(name), words.done);
    }, (problem) => world.complain(problem));
  }

  return html`
    <${Dialog} title=${name}>
      <div class="profile">
        <${Avatar} id=${id} name=${user.name} size="large" />
        <p class="hint">${[words[world.people.presenceOf(id)], words.roles[user.role], user.kind === 'bot' && words.bot].filter(Boolean).join(' · ')}</p>
      </div>
      <div class="dialog-foot">
        <${Block} user=${user} />
        <${Sanctions} user=${user} room=${room} mayTake=${mayTake} />
        ${mayTake && world.members.mayHold(roomId, id) && html`<button class="button button-danger" onClick=${takeOut}>${words.removePerson(name)}</button>`}
        <button class="button button-main" onClick=${() => writeTo(world, user)}>${words.writeTo(name)}</button>
      </div>
    </${Dialog}>`;
}
