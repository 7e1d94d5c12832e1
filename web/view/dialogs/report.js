// Reporting a message to those who moderate.
import { harmless } from '../../lib/text.js';
import { words } from '../../lib/words.js';
import { Dialog, closeDialog } from '../dialogs.js';
import { html, useWorld } from '../html.js';
import { Complaint, Field, useSubmit } from '../form.js';

export function Report({ about: message }) {
  const world = useWorld();
  const form = useSubmit(async ({ reason }) => {
    await world.moderation.report(message.id, reason.trim());
    closeDialog();
    world.notify('reported');
  });
  return html`
    <${Dialog} title=${words.reportTitle(harmless(message.user.name))}>
      <form onSubmit=${form.submit}>
        <p class="hint">${words.reportHint}</p>
        <${Field} label=${words.reason} name="reason" maxlength="500" dir="auto" autocomplete="off" />
        <${Complaint} problem=${form.problem} />
        <div class="dialog-foot">
          <button type="button" class="button" onClick=${closeDialog}>${words.cancel}</button>
          <button class="button button-main" aria-disabled=${form.busy}>${words.report}</button>
        </div>
      </form>
    </${Dialog}>`;
}
