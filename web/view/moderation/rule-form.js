// A rule: what it looks for, what it then does, and for whom not. It can only be switched on after it was tried as it stands.
import { useState } from 'preact/hooks';
import { administers, exemptionsOf } from '../../lib/rights.js';
import { more } from '../../lib/more.js';
import { words } from '../../lib/words.js';
import { Choice, Lines, RoomChoice } from '../fields.js';
import { html, useWorld } from '../html.js';
import { Complaint, Field, useSubmit } from '../form.js';
import { Part } from '../sections.js';
import { Trial } from './trial.js';

const NEW = { name: '', kind: 'words', pattern: '', action: 'refuse', minutes: 60, exempt: 'moderator', rooms: null };
const JUDGED = ['kind', 'pattern', 'exempt', 'room']; // what a trial depends on

export function RuleForm({ rule, done }) {
  const world = useWorld();
  const [draft, setDraft] = useState({ ...NEW, ...rule, room: rule.rooms?.[0] ?? '' });
  const [trial, setTrial] = useState(null);
  function change({ target: { name, value } }) {
    setDraft({ ...draft, [name]: value });
    if (JUDGED.includes(name)) setTrial(null);
  }
  const form = useSubmit(async () => setTrial(await world.api.post('/rules/try', judgedOf(draft))));
  const [on, off] = [useSubmit(() => save(true)), useSubmit(() => save(false))];
  const problem = form.problem ?? on.problem ?? off.problem;
  async function save(enabled) {
    const wanted = { ...judgedOf(draft), name: draft.name.trim(), action: draft.action, minutes: Number(draft.minutes) || null, enabled };
    await (rule.id ? world.api.patch(`/rules/${rule.id}`, wanted) : world.api.post('/rules', wanted));
    done();
  }
  return html`
    <${Part} title=${rule.id ? more.ruleChange : more.ruleMake} lead=${more.ruleLead}>
      <form onSubmit=${form.submit} onInput=${change}>
        <${RuleFields} draft=${draft} problem=${problem} />
        ${trial && html`<${Trial} trial=${trial} does=${more.ruleActions[draft.action](draft.minutes)} />`}
        <${Complaint} problem=${problem} />
        <div class="dialog-foot">
          <button type="button" class="button" onClick=${done}>${words.cancel}</button>
          <button type="button" class="button" onClick=${off.submit} aria-disabled=${off.busy}>${more.ruleSaveOff}</button>
          ${trial && html`<button type="button" class="button button-danger" onClick=${on.submit} aria-disabled=${on.busy}>${more.switchOn}</button>`}
          <button class="button button-main" aria-disabled=${form.busy}>${more.ruleTry}</button>
        </div>
      </form>
    </${Part}>`;
}

const judgedOf = ({ kind, pattern, exempt, room }) => ({ kind, pattern, exempt, rooms: room ? [Number(room)] : null });

function RuleFields({ draft, problem }) {
  const { me, rooms } = useWorld();
  const kinds = Object.entries(more.ruleKinds).filter(([kind]) => kind !== 'regex' || administers(me));
  return html`
    <${Field} label=${more.ruleName} name="name" maxlength="100" dir="auto" autocomplete="off" value=${draft.name} problem=${problem} />
    <div class="field-row">
      <${Choice} label=${more.ruleKind} name="kind" options=${kinds} chosen=${draft.kind} />
      <${RoomChoice} label=${more.room} name="room" none=${more.everywhere} chosen=${draft.room} rooms=${rooms.sorted.value.filter(({ kind }) => kind !== 'direct')} />
    </div>
    <${Lines} label=${more.rulePattern} hint=${more.rulePatternHint[draft.kind]} name="pattern" required rows="4" maxlength="20000" dir="auto" spellcheck="false"
      value=${draft.pattern} problem=${problem} />
    <div class="field-row">
      <${Choice} label=${more.ruleAction} name="action" options=${Object.entries(more.ruleActions).map(([action, told]) => [action, told(draft.minutes)])} chosen=${draft.action} />
      ${draft.action === 'mute' && html`<${Field} label=${more.ruleMinutes} name="minutes" type="number" min="1" max="525600" value=${draft.minutes} problem=${problem} />`}
      <${Choice} label=${more.ruleFor} name="exempt" options=${exemptionsOf(me).map((exempt) => [exempt, more.ruleExempt[exempt]])} chosen=${draft.exempt} />
    </div>`;
}
