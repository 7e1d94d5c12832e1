// The people of a room for those who moderate it: roles, taking out, and who is muted there or banned.
import { useEffect } from 'preact/hooks';
import { mayTakeOut, roomRolesOf } from '../../lib/rights.js';
import { harmless } from '../../lib/text.js';
import { more } from '../../lib/more.js';
import { words } from '../../lib/words.js';
import { ask, openDialog } from '../dialogs.js';
import { html, useWorld } from '../html.js';
import { Listing, Row, useAsked } from '../listing.js';
import { Avatar } from '../person.js';
import { Part } from '../sections.js';
import { RoleChoice } from './role-choice.js';
import { Sanctions } from './sanctions.js';

export function RoomPeople({ about: id }) {
  const world = useWorld();
  const members = world.members.of(id);
  useEffect(() => { if (!members) world.members.load(id).catch((problem) => world.complain(problem)); }, [Boolean(members)]);
  return html`
    <${Part} title=${more.roomPeople} lead=${more.roomPeopleLead}>
      <${Listing} list=${{ value: members }} label=${more.roomPeople} draw=${(member) => html`<${MemberRow} key=${member.user.id} roomId=${id} member=${member} />`} />
    </${Part}>`;
}

function MemberRow({ roomId, member }) {
  const world = useWorld();
  const room = world.rooms.of(roomId);
  const user = world.people.known(member.user);
  const name = harmless(user.name);
  const change = (role) => world.api.put(`/rooms/${roomId}/members/${user.id}`, { role })
    .then(() => world.members.changed(roomId, user, { role }), (problem) => world.complain(problem));
  const told = [words.roles[user.role] && more.onServer(words.roles[user.role]), words[world.people.presenceOf(user.id)]].filter(Boolean).join(' · ');
  return html`
    <${Row} title=${name} told=${told} before=${html`<${Avatar} id=${user.id} name=${user.name} size="small" />`}>
      ${mayTakeOut(room, world.me, user, member.role)
        ? html`<${RoleChoice} name=${name} role=${member.role} roles=${roomRolesOf(room, world.me)} does=${more.roomRoleDoes} change=${change} />
          <button class="button button-small" aria-label=${more.named(more.actAgainst, name)} onClick=${() => openDialog('person', { user: user.id, room: roomId })}>${more.actAgainst}</button>`
        : html`<span class="badge">${more.roles[member.role]}</span>`}
    </${Row}>`;
}

export function RoomSanctions({ about: id }) {
  const world = useWorld();
  const room = world.rooms.of(id);
  const list = useAsked(async () => (await world.api.get(`/rooms/${id}/sanctions`)).sanctions);
  async function lift({ user, kind }) {
    if (!await ask(more.liftAsk[kind](harmless(user.name)), more.lift)) return;
    await world.moderation.lift(kind === 'mute' ? 'mute' : 'roomBan', id, user.id).catch((problem) => world.complain(problem));
    await list.reload();
  }
  const mayLift = ({ user }) => mayTakeOut(room, world.me, world.people.known(user), world.members.roleOf(id, user.id));
  return html`
    <${Part} title=${more.sanctions}>
      <${Sanctions} list=${list} label=${more.sanctions} empty=${more.sanctionsEmpty} mayLift=${mayLift} lift=${lift} />
    </${Part}>`;
}
