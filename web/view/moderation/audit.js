// The audit: who did what to whom, when and why, with filters; and for admins the way back of a single act.
import { useState } from 'preact/hooks';
import { ACTS, mayHaveWayBack } from '../../lib/acts.js';
import { sinceOf } from '../../lib/hours.js';
import { more } from '../../lib/more.js';
import { mayUndo } from '../../lib/rights.js';
import { words } from '../../lib/words.js';
import { ask } from '../dialogs.js';
import { Choice, PersonField, RoomChoice, personNamed } from '../fields.js';
import { html, useWorld } from '../html.js';
import { Complaint, useSubmit } from '../form.js';
import { Listing, useAsked } from '../listing.js';
import { Part } from '../sections.js';
import { Act, titleOf } from './act.js';
import { SinceField } from './since.js';

const STEP = 50;
const PAGE = 200;

/** @param room the audit of one room, for those who moderate it */
export function Audit({ about: room = null }) {
  const { api } = useWorld();
  const [filter, setFilter] = useState({ room });
  const [count, setCount] = useState(STEP);
  const { value, problem, reload } = useAsked(() => newest(api, filter, count), [filter, count]);
  const show = (wanted) => { setCount(STEP); setFilter(wanted); };
  return html`
    <${Part} title=${more.audit} lead=${more.auditLead}>
      <${Filter} room=${room} show=${show} />
      <${Listing} list=${{ value: value?.acts, problem }} label=${more.audit} empty=${more.auditEmpty} draw=${(act) => html`<${Undoable} key=${act.id} act=${act} done=${reload} />`} />
      ${value?.older && html`<div><button class="button" onClick=${() => setCount(count + STEP)}>${words.showOlder}</button></div>`}
    </${Part}>`;
}

/** → {acts: so many of the newest, newest first; older: whether there are more} */
async function newest(api, filter, count) {
  const acts = [];
  let older = true;
  while (older && acts.length < count) {
    const answer = await api.get('/audit', { ...filter, limit: Math.min(PAGE, count - acts.length), before: acts.at(-1)?.id });
    acts.push(...answer.audit.reverse());
    older = answer.more_before;
  }
  return { acts, older };
}

function Filter({ room, show }) {
  const world = useWorld();
  const form = useSubmit(async (values) => {
    const [actor, user] = await Promise.all([personNamed(world.api, values.actor), personNamed(world.api, values.user)]);
    show({ actor: actor?.id, user: user?.id, action: values.action, room: room ?? values.room, since: sinceOf(values.since) });
  });
  return html`
    <form onSubmit=${form.submit}>
      <div class="field-row">
        <${PersonField} label=${more.actor} name="actor" />
        <${PersonField} label=${more.target} name="user" />
        <${Choice} label=${more.action} name="action" options=${[['', more.everyAction], ...ACTS.map((act) => [act, more.acts[act]])]} />
        ${!room && html`<${RoomChoice} label=${more.room} name="room" none=${more.everywhere} rooms=${world.rooms.sorted.value.filter(({ kind }) => kind !== 'direct')} />`}
        <${SinceField} />
      </div>
      <${Complaint} problem=${form.problem} />
      <div class="dialog-foot"><button class="button button-main" aria-disabled=${form.busy}>${more.show}</button></div>
    </form>`;
}

/** What there is a way back from is asked of the server first, and named before it is done. */
function Undoable({ act, done }) {
  const world = useWorld();
  async function undo() {
    const { acts: [found] } = await world.api.post('/undo', { act: act.id, dry_run: true });
    const title = titleOf(act);
    if (found?.state !== 'can_be_undone') return world.notify('said', title, found ? more.undoStates[found.state] : more.undoStates.undone);
    if (!await ask(more.undoAsk(title), words.undo)) return undefined;
    await world.api.post('/undo', { act: act.id });
    return done();
  }
  return html`
    <${Act} act=${act}>
      ${mayHaveWayBack(act) && mayUndo(world.me, act.actor && world.people.known(act.actor)) && html`
        <button class="button button-small" aria-label=${more.undoName(titleOf(act))} onClick=${() => undo().catch((problem) => world.complain(problem))}>${words.undo}</button>`}
    </${Act}>`;
}
