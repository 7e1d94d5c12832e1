// The people of the server: found by name, their roles, and who is banned.
import { useState } from 'preact/hooks';
import { mayBan, serverRolesOf } from '../../lib/rights.js';
import { harmless } from '../../lib/text.js';
import { more } from '../../lib/more.js';
import { words } from '../../lib/words.js';
import { ask, openDialog } from '../dialogs.js';
import { html, useWorld } from '../html.js';
import { Listing, Row, useAsked } from '../listing.js';
import { Avatar } from '../person.js';
import { useRest } from '../rest.js';
import { Part } from '../sections.js';
import { RoleChoice } from './role-choice.js';
import { Sanctions } from './sanctions.js';

export function People() {
  const world = useWorld();
  const [text, setText] = useState('');
  const look = useRest(setText);
  const people = useAsked(async () => {
    const { users } = await world.api.get('/users', { q: text.trim(), limit: 50 });
    world.people.learn(users);
    return users.map(({ id }) => id);
  }, [text]);
  const bans = useAsked(async () => (await world.api.get('/bans')).bans);
  async function lift({ user }) {
    const name = harmless(user.name);
    if (!await ask(more.liftBanAsk(name), more.lift)) return;
    await world.moderation.lift('ban', null, user.id).catch((problem) => world.complain(problem));
    await bans.reload();
  }
  return html`
    <${Part} title=${more.people} lead=${more.peopleLead}>
      <input type="text" class="input" aria-label=${words.addPeopleFind} placeholder=${words.addPeopleFind} dir="auto" autocomplete="off"
        onInput=${(event) => look(event.currentTarget.value)} />
      <${Listing} list=${people} label=${more.people} empty=${words.addPeopleEmpty} draw=${(id) => html`<${PersonRow} key=${id} id=${id} />`} />
    </${Part}>
    <${Part} title=${more.bans}>
      <${Sanctions} list=${bans} label=${more.bans} empty=${more.bansEmpty} mayLift=${({ user }) => mayBan(world.me, world.people.known(user))} lift=${lift} />
    </${Part}>`;
}

function PersonRow({ id }) {
  const world = useWorld();
  const user = world.people.users.value.get(id);
  const name = harmless(user.name);
  const change = (role) => world.api.put(`/users/${id}/role`, { role })
    .then(() => world.people.learn([{ ...user, role }]), (problem) => world.complain(problem));
  const told = [user.kind === 'bot' && words.bot, user.banned && more.banned, words[world.people.presenceOf(id)]].filter(Boolean).join(' · ');
  return html`
    <${Row} title=${name} told=${told} before=${html`<${Avatar} id=${id} name=${user.name} size="small" />`}>
      ${mayBan(world.me, user)
        ? html`<${RoleChoice} name=${name} role=${user.role} roles=${serverRolesOf(world.me)} does=${more.roleDoes} change=${change} />
          ${!user.banned && html`<button class="button button-small" aria-label=${more.named(more.ban, name)} onClick=${() => openDialog('sanction', { kind: 'ban', user: id, room: null })}>${more.ban}</button>`}`
        : html`<span class="badge">${more.roles[user.role]}</span>`}
    </${Row}>`;
}
