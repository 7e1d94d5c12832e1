// Networks that are shut out for a while: whom it would hit is shown before it is done.
import { useState } from 'preact/hooks';
import { HOURS, untilOf } from '../../lib/hours.js';
import { harmless } from '../../lib/text.js';
import { more } from '../../lib/more.js';
import { words } from '../../lib/words.js';
import { clock } from '../clock.js';
import { ask } from '../dialogs.js';
import { Radios } from '../fields.js';
import { html, useWorld } from '../html.js';
import { Complaint, Field, useSubmit } from '../form.js';
import { Listing, Row, useAsked } from '../listing.js';
import { Part } from '../sections.js';
import { UntilField } from '../until-field.js';

const SCOPES = Object.entries(more.networkScopes).map(([scope, title]) => [scope, title, more.networkDoes[scope]]);

export function Networks() {
  const world = useWorld();
  const [made, setMade] = useState(0);
  const list = useAsked(async () => (await world.api.get('/network-bans', { limit: 200 })).network_bans.reverse());
  async function letIn({ id, network }) {
    if (!await ask(more.networkLetInAsk(network), more.networkLetIn)) return;
    await world.api.delete(`/network-bans/${id}`).catch((problem) => world.complain(problem));
    await list.reload();
  }
  const draw = (ban) => html`
    <${Row} key=${ban.id} title=${ban.network} told=${toldOf(ban)}>
      <button class="button button-small" aria-label=${more.named(more.networkLetIn, ban.network)} onClick=${() => letIn(ban)}>${more.networkLetIn}</button>
    </${Row}>`;
  return html`
    <${Part} title=${more.networkShut} lead=${more.networksLead}>
      <${ShutForm} key=${made} done=${() => { setMade(made + 1); return list.reload(); }} />
    </${Part}>
    <${Part} title=${more.networksShut}>
      <${Listing} list=${list} label=${more.networksShut} empty=${more.networksEmpty} draw=${draw} />
    </${Part}>`;
}

const toldOf = ({ scope, until, reason, by }) => [more.networkScopes[scope], more.until(clock.brief(until)), by && more.byWhom(harmless(by.name)), harmless(reason)].filter(Boolean).join(' · ');

const banOf = ({ network, hours, scope, reason }) => ({ network: network.trim(), scope, until: untilOf(hours), reason: reason.trim() });

/** First a look at whom it would hit, then the deed; another network or another extent is to be looked at again. */
function ShutForm({ done }) {
  const { api } = useWorld();
  const [hit, setHit] = useState(null);
  const form = useSubmit(async (values) => setHit(await api.post('/network-bans', { ...banOf(values), dry_run: true })));
  const shut = useSubmit(async (values) => {
    await api.post('/network-bans', banOf(values));
    await done();
  });
  const forget = ({ target: { name } }) => { if (['network', 'scope'].includes(name)) setHit(null); };
  return html`
    <form onSubmit=${form.submit} onInput=${forget}>
      <div class="field-row">
        <${Field} label=${more.network} name="network" required maxlength="60" autocomplete="off" spellcheck="false" hint=${more.networkHint} problem=${form.problem} />
        <${UntilField} hours=${HOURS} />
      </div>
      <${Radios} legend=${more.networkScope} name="scope" options=${SCOPES} />
      <${Field} label=${words.reason} name="reason" maxlength="500" dir="auto" autocomplete="off" hint=${words.reasonHint} />
      ${hit && html`<p role="status">${more.networkHits(hit.network, hit.sessions, hit.users.map((user) => harmless(user.name)))}</p>`}
      <${Complaint} problem=${form.problem ?? shut.problem} />
      <div class="dialog-foot">
        ${hit && html`<button type="button" class="button button-danger" onClick=${shut.submit} aria-disabled=${shut.busy}>${more.networkShut}</button>`}
        <button class="button button-main" aria-disabled=${form.busy}>${more.networkLook}</button>
      </div>
    </form>`;
}
