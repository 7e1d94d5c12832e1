// Who is in the open room: those who are here first.
import { useEffect, useMemo } from 'preact/hooks';
import { compareNames } from '../lib/order.js';
import { harmless } from '../lib/text.js';
import { words } from '../lib/words.js';
import { classes, html, memo, useWorld } from './html.js';
import { openDialog } from './dialogs.js';
import { Avatar, PresenceDot } from './person.js';

const LARGE = 500; // of larger rooms the server tells no single coming and going
const SECTIONS = [['online', words.online], ['idle', words.idle], ['offline', words.offline]];

export function PeoplePanel({ roomId }) {
  const world = useWorld();
  const room = world.rooms.of(roomId);
  const known = world.members.of(roomId);
  const offline = world.offline.value;
  useEffect(() => {
    if (room?.my && !known && !offline) world.members.load(roomId).catch((problem) => world.complain(problem));
  }, [roomId, Boolean(room?.my), Boolean(known), offline]);
  const users = world.people.users.value;
  const people = useMemo(() => known?.map((member) => ({ ...member, user: users.get(member.user.id) ?? member.user }))
    .sort((a, b) => compareNames(a.user.name, b.user.name)), [known, users]); // not again with each who comes and goes
  if (!room?.my || !people) return null;
  return html`
    <div class="side-scroll" tabindex="0" role="group" aria-label=${words.members(room.members)}>
      ${room.members > LARGE ? html`<${Section} title=${titleOf(world, room)} roomId=${roomId} people=${people} />` : SECTIONS.map(([presence, title]) => {
        const those = people.filter((member) => world.people.presenceOf(member.user.id) === presence);
        return html`<${Section} key=${presence} title=${`${title} · ${words.count(those.length)}`} roomId=${roomId} people=${those} />`;
      })}
      ${people.length === 1 && html`<p class="hint">${words.alone}</p>`}
    </div>`;
}

function titleOf({ people }, room) {
  const here = people.counts.value.get(room.id);
  return [words.members(room.members), here && words.here(here)].filter(Boolean).join(' · ');
}

function Section({ title, people, roomId }) {
  if (!people.length) return null;
  return html`
    <h3 class="rooms-title">${title}</h3>
    <ul>${people.map((member) => html`<${Person} key=${member.user.id} user=${member.user} role=${member.role} roomId=${roomId} />`)}</ul>`;
}

const Person = memo(({ user, role, roomId }) => {
  const { me, people } = useWorld();
  const told = [user.kind === 'bot' && words.bot, words.roles[role === 'member' ? user.role : role], user.id === me.id && words.you].filter(Boolean);
  return html`
    <li>
      <button class=${classes('row-button', 'person', `person-${people.presenceOf(user.id)}`)}
        onClick=${() => openDialog(user.id === me.id ? 'account' : 'person', { user: user.id, room: roomId })}>
        <span class="room-mark"><${Avatar} id=${user.id} name=${user.name} size="small" /><${PresenceDot} id=${user.id} /></span>
        <bdi class="room-name">${harmless(user.name)}</bdi>
        ${told.length > 0 && html`<span class="told">${told.join(' · ')}</span>`}
      </button>
    </li>`;
});
