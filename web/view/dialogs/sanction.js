// Muting somebody in a room, banning them from it or from the server: for how long, why, and before it is done what it will do.
import { useEffect, useState } from 'preact/hooks';
import { untilOf } from '../../lib/hours.js';
import { harmless } from '../../lib/text.js';
import { FOREVER } from '../../lib/time.js';
import { words } from '../../lib/words.js';
import { Dialog, closeDialog } from '../dialogs.js';
import { html, useWorld } from '../html.js';
import { Complaint, Field, useSubmit } from '../form.js';
import { UntilField } from '../until-field.js';

export function Sanction({ about: { kind, user: id, room } }) {
  const world = useWorld();
  const user = world.people.users.value.get(id);
  const [hides, setHides] = useState(false);
  const messages = hides ? 'hide' : 'keep';
  const form = useSubmit(async ({ hours, reason }) => {
    const how = { until: untilOf(hours) ?? FOREVER, reason: reason.trim(), ...(kind === 'ban' && { messages }) };
    await world.moderation.sanction(kind, room, id, how);
    closeDialog();
    world.notifyWithUndo(() => world.moderation.lift(kind, room, id), 'said', words.sanctions[kind](harmless(user.name)), words.done);
  });
  const title = words.sanctions[kind](harmless(user.name));
  return html`
    <${Dialog} title=${title}>
      <form onSubmit=${form.submit}>
        <p class="hint">${words.sanctionDoes[kind]}</p>
        <${UntilField} />
        <${Field} label=${words.reason} name="reason" maxlength="500" dir="auto" autocomplete="off" hint=${words.reasonHint} />
        ${kind === 'ban' && html`
          <label class="choice"><input type="checkbox" checked=${hides} onChange=${() => setHides(!hides)} /><span>${words.hideMessages}</span></label>
          <${Preview} user=${id} messages=${messages} />`}
        <${Complaint} problem=${form.problem} />
        <div class="dialog-foot">
          <button type="button" class="button" onClick=${closeDialog}>${words.cancel}</button>
          <button class="button button-danger" aria-disabled=${form.busy}>${title}</button>
        </div>
      </form>
    </${Dialog}>`;
}

function Preview({ user, messages }) {
  const world = useWorld();
  const [touched, setTouched] = useState(null);
  useEffect(() => { world.moderation.preview(user, messages).then(setTouched, () => setTouched(null)); }, [user, messages]);
  return html`<p class="hint" role="note">${touched ? words.banTouches(touched) : ''}</p>`;
}
