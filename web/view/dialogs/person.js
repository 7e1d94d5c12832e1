// A person: who it is, and what one may do.
import { harmless } from '../../lib/text.js';
import { mayTakeOut } from '../../lib/rights.js';
import { words } from '../../lib/words.js';
import { Dialog, ask, closeDialog } from '../dialogs.js';
import { html, useWorld } from '../html.js';
import { Avatar } from '../person.js';
import { writeTo } from './new-direct.js';

export function Person({ about: { user: id, room: roomId } }) {
  const world = useWorld();
  const user = world.people.users.value.get(id);
  const room = world.rooms.of(roomId);
  if (!user) return null;
  const name = harmless(user.name);
  const mayTake = room?.my && mayTakeOut(room, world.me, user, world.members.roleOf(roomId, id));

  async function takeOut() {
    closeDialog();
    if (!await ask(words.removePersonAsk(name), words.removePerson(name))) return;
    await world.members.takeOut(roomId, user).then(() => world.members.left(roomId, user), (problem) => world.complain(problem));
  }

  return html`
    <${Dialog} title=${name}>
      <div class="profile">
        <${Avatar} id=${id} name=${user.name} size="large" />
        <p class="hint">${[words[world.people.presenceOf(id)], words.roles[user.role], user.kind === 'bot' && words.bot].filter(Boolean).join(' · ')}</p>
      </div>
      <div class="dialog-foot">
        ${mayTake && html`<button class="button button-danger" onClick=${takeOut}>${words.removePerson(name)}</button>`}
        <button class="button button-main" onClick=${() => writeTo(world, user)}>${words.writeTo(name)}</button>
      </div>
    </${Dialog}>`;
}
