// Adds people to a room.
import { harmless } from '../../lib/text.js';
import { words } from '../../lib/words.js';
import { Dialog } from '../dialogs.js';
import { Finder } from '../finder.js';
import { html, useWorld } from '../html.js';
import { Icon } from '../icons.js';
import { Avatar } from '../person.js';

export function AddPeople({ about: roomId }) {
  const world = useWorld();
  const inside = new Set((world.members.of(roomId) ?? []).map((member) => member.user.id));
  const find = async (text) => (await world.api.get('/users', { q: text })).users;

  async function add(user) {
    try {
      await world.members.add(roomId, user);
      world.members.joined(roomId, user);
    } catch (problem) {
      world.complain(problem);
    }
  }

  const draw = (user) => html`
    <li key=${user.id}>
      <button class="row-button" disabled=${inside.has(user.id)} onClick=${() => add(user)}>
        <span class="unseen">${words.add}${' '}</span>
        <${Avatar} id=${user.id} name=${user.name} size="small" /><bdi class="room-name">${harmless(user.name)}</bdi>
        <${Icon} name=${inside.has(user.id) ? 'check' : 'plus'} />
      </button>
    </li>`;
  return html`
    <${Dialog} title=${words.addPeople}>
      <${Finder} label=${words.addPeopleFind} find=${find} empty=${words.addPeopleEmpty} draw=${draw} />
    </${Dialog}>`;
}
