// A rule: what it looks for, what it then does, and for whom not. It can only be switched on after it was tried as it stands.
import { useState } from 'preact/hooks';
import { administers, exemptionsOf } from '../../lib/rights.js';
import { more } from '../../lib/more.js';
import { words } from '../../lib/words.js';
import { Choice, Lines } from '../fields.js';
import { html, useWorld } from '../html.js';
import { Complaint, Field, useSubmit } from '../form.js';
import { Part } from '../sections.js';
import { RoomsChoice } from './rooms-choice.js';
import { Trial } from './trial.js';

const NEW = { name: '', kind: 'words', pattern: '', action: 'refuse', minutes: 60, exempt: 'moderator' };
const JUDGED = ['kind', 'pattern', 'exempt', 'rooms']; // what a trial depends on

export function RuleForm({ rule, done }) {
  const world = useWorld();
  const [draft, setDraft] = useState({ ...NEW, ...rule, rooms: rule.rooms ?? [] });
  const [trial, setTrial] = useState(null);
  function change({ target: { name, value, checked } }) {
    setDraft({ ...draft, [name]: name === 'rooms' ? chosenOf(draft.rooms, Number(value), checked) : value });
    if (JUDGED.includes(name)) setTrial(null);
  }
  const form = useSubmit(async () => setTrial(await world.api.post('/rules/try', judgedOf(draft))));
  const [on, off] = [useSubmit(() => save(true)), useSubmit(() => save(false))];
  const problem = form.problem ?? on.problem ?? off.problem;
  async function save(enabled) {
    const { rooms, ...judged } = judgedOf(draft);
    const wanted = { ...judged, ...(!sameRooms(rooms, rule.rooms) && { rooms }), name: draft.name.trim(), action: draft.action, minutes: Number(draft.minutes) || null, enabled };
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

const judgedOf = ({ kind, pattern, exempt, rooms }) => ({ kind, pattern, exempt, rooms: rooms.length ? rooms : null });
const chosenOf = (rooms, room, on) => (on ? [...rooms, room] : rooms.filter((each) => each !== room));

/** Rooms that stay are not sent: whoever changes something else need not see them all. */
const sameRooms = (a, b) => String([...a ?? []].sort()) === String([...b ?? []].sort());

function RuleFields({ draft, problem }) {
  const { me } = useWorld();
  const kinds = Object.entries(more.ruleKinds).filter(([kind]) => kind !== 'regex' || administers(me));
  return html`
    <${Field} label=${more.ruleName} name="name" maxlength="100" dir="auto" autocomplete="off" value=${draft.name} problem=${problem} />
    <${Choice} label=${more.ruleKind} name="kind" options=${kinds} chosen=${draft.kind} />
    <${Lines} label=${more.rulePattern} hint=${more.rulePatternHint[draft.kind]} name="pattern" required rows="4" maxlength="20000" dir="auto" spellcheck="false"
      value=${draft.pattern} problem=${problem} />
    <div class="field-row">
      <${Choice} label=${more.ruleAction} name="action" options=${Object.entries(more.ruleActions).map(([action, told]) => [action, told(draft.minutes)])} chosen=${draft.action} />
      ${draft.action === 'mute' && html`<${Field} label=${more.ruleMinutes} name="minutes" type="number" min="1" max="525600" value=${draft.minutes} problem=${problem} />`}
      <${Choice} label=${more.ruleFor} name="exempt" options=${exemptionsOf(me).map((exempt) => [exempt, more.ruleExempt[exempt]])} chosen=${draft.exempt} />
    </div>
    <${RoomsChoice} name="rooms" chosen=${draft.rooms} problem=${problem} />`;
}
