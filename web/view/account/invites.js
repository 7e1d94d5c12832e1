// Invitations of mine: made with an end and a number of uses, copied, withdrawn.
import { useState } from 'preact/hooks';
import { HOURS, untilOf } from '../../lib/hours.js';
import { harmless } from '../../lib/text.js';
import { more } from '../../lib/more.js';
import { mayAdd } from '../../lib/rights.js';
import { clock } from '../clock.js';
import { CopyField } from '../copy-field.js';
import { ask } from '../dialogs.js';
import { RoomChoice } from '../fields.js';
import { html, useWorld } from '../html.js';
import { Complaint, Field, useSubmit } from '../form.js';
import { Listing, Row, useAsked } from '../listing.js';
import { Part } from '../sections.js';
import { UntilField } from '../until-field.js';

const WEEK = 7 * 24;

export function Invites() {
  const world = useWorld();
  const [link, setLink] = useState(null);
  const list = useAsked(async () => (await world.api.get('/invites', { limit: 200 })).invites.reverse());
  async function made(token) {
    setLink(new URL(`#/invite/${token}`, location.href).href);
    await list.reload();
  }
  async function withdraw({ id }) {
    if (!await ask(more.withdrawAsk, more.withdraw)) return;
    await world.api.delete(`/invites/${id}`).catch((problem) => world.complain(problem));
    setLink(null);
    await list.reload();
  }
  const draw = (invite) => {
    const leads = more.inviteFor(invite.rooms.map((room) => harmless(room.name)));
    const until = clock.brief(invite.until);
    return html`
      <${Row} key=${invite.id} title=${leads} told=${more.inviteTold(invite.used, invite.uses_left, until)}>
        <button class="button button-small" aria-label=${more.withdrawName(leads, until)} onClick=${() => withdraw(invite)}>${more.withdraw}</button>
      </${Row}>`;
  };
  return html`
    <${Part} title=${more.inviteMake} lead=${more.invitesLead}>
      <${MakeForm} made=${made} />
      ${link && html`<${CopyField} key=${link} label=${more.inviteLink} value=${link} hint=${more.shownOnce} />`}
    </${Part}>
    <${Part} title=${more.invitesOpen}>
      <${Listing} list=${list} label=${more.invitesOpen} empty=${more.invitesEmpty} draw=${draw} />
    </${Part}>`;
}

function MakeForm({ made }) {
  const world = useWorld();
  const form = useSubmit(async ({ hours, uses, room }) => {
    const { token } = await world.api.post('/invites', { until: untilOf(hours), uses: uses ? Number(uses) : null, rooms: room ? [Number(room)] : [] });
    await made(token);
  });
  return html`
    <form onSubmit=${form.submit}>
      <div class="field-row">
        <${UntilField} hours=${HOURS} chosen=${WEEK} />
        <${Field} label=${more.inviteUses} name="uses" type="number" min="1" max="1000000" hint=${more.inviteUsesHint} problem=${form.problem} />
      </div>
      <${RoomChoice} label=${more.inviteRoom} name="room" none=${more.inviteNoRoom} rooms=${world.rooms.sorted.value.filter(mayAdd)} />
      <${Complaint} problem=${form.problem} />
      <div class="dialog-foot"><button class="button button-main" aria-disabled=${form.busy}>${more.inviteMake}</button></div>
    </form>`;
}
