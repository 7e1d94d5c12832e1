// Finds somebody to write to.
import { harmless } from '../../lib/text.js';
import { words } from '../../lib/words.js';
import { Dialog, closeDialog } from '../dialogs.js';
import { openDirect } from '../direct.js';
import { Finder } from '../finder.js';
import { html, useWorld } from '../html.js';
import { Avatar } from '../person.js';

export function NewDirect() {
  const world = useWorld();
  const find = async (text) => (await world.api.get('/users', { q: text })).users.filter((user) => user.id !== world.me.id);
  const draw = (user) => html`
    <li key=${user.id}>
      <button class="row-button" onClick=${() => writeTo(world, user)}>
        <${Avatar} id=${user.id} name=${user.name} size="small" /><bdi class="room-name">${harmless(user.name)}</bdi>
      </button>
    </li>`;
  return html`
    <${Dialog} title=${words.newDirect}>
      <${Finder} label=${words.addPeopleFind} find=${find} empty=${words.addPeopleEmpty} draw=${draw} />
    </${Dialog}>`;
}

export async function writeTo(world, user) {
  try {
    await openDirect(world, user);
    closeDialog();
  } catch (problem) {
    world.complain(problem);
  }
}
