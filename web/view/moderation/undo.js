// Everything that somebody did since a time, or that a rule did: listed as it would be taken back, then taken back in one step.
import { useState } from 'preact/hooks';
import { sinceOf } from '../../lib/hours.js';
import { harmless } from '../../lib/text.js';
import { more } from '../../lib/more.js';
import { words } from '../../lib/words.js';
import { PersonField, personNamed } from '../fields.js';
import { html, useWorld } from '../html.js';
import { Complaint, Field, useSubmit } from '../form.js';
import { Listing } from '../listing.js';
import { Part } from '../sections.js';
import { Act } from './act.js';
import { SinceField } from './since.js';

/** @param about {rule, name}: begin with what this rule did */
export function Undo({ about }) {
  const [found, setFound] = useState(null);
  return html`
    <${Part} title=${more.undoTitle} lead=${more.undoLead}>
      <${Look} rule=${about} show=${setFound} />
      ${found && html`<${Found} found=${found} show=${setFound} />`}
    </${Part}>`;
}

function Look({ rule, show }) {
  const { api } = useWorld();
  const form = useSubmit(async ({ actor, since }) => {
    const whose = rule ? { rule: rule.rule } : { actor: (await personNamed(api, actor))?.id };
    const what = { ...whose, since: sinceOf(since) };
    show({ what, acts: (await api.post('/undo', { ...what, dry_run: true })).acts });
  });
  return html`
    <form onSubmit=${form.submit} onInput=${() => show(null)}>
      <div class="field-row">
        ${rule ? html`<${Field} label=${more.actor} name="rule" readonly value=${more.ruleNamed(harmless(rule.name))} />` : html`<${PersonField} label=${more.actor} name="actor" required />`}
        <${SinceField} always=${false} />
      </div>
      <${Complaint} problem=${form.problem} />
      <div class="dialog-foot"><button class="button button-main" aria-disabled=${form.busy}>${more.undoShow}</button></div>
    </form>`;
}

function Found({ found: { what, acts }, show }) {
  const { api } = useWorld();
  const count = acts.filter(({ state }) => state === 'can_be_undone').length;
  const form = useSubmit(async ({ reason }) => {
    show({ what, acts: (await api.post('/undo', { ...what, reason: reason.trim() })).acts });
  });
  const draw = (act) => html`<${Act} key=${act.id} act=${act}><span class="badge">${more.undoStates[act.state]}</span></${Act}>`;
  return html`
    <${Listing} list=${{ value: acts }} label=${more.undoTitle} empty=${more.undoEmpty} draw=${draw} />
    ${count > 0 && html`
      <form onSubmit=${form.submit}>
        <${Field} label=${words.reason} name="reason" maxlength="500" dir="auto" autocomplete="off" hint=${words.reasonHint} />
        <${Complaint} problem=${form.problem} />
        <div class="dialog-foot"><button class="button button-danger" aria-disabled=${form.busy}>${more.undoAll(count)}</button></div>
      </form>`}`;
}
