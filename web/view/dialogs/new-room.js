// Makes a channel or a group.
import { words } from '../../lib/words.js';
import { Dialog, closeDialog } from '../dialogs.js';
import { Radios } from '../fields.js';
import { html, useWorld } from '../html.js';
import { Complaint, Field, useSubmit } from '../form.js';
import { go } from '../location.js';

const KINDS = [['channel', words.kindChannel, words.kindChannelHint], ['group', words.kindGroup, words.kindGroupHint]];

export function NewRoom() {
  const world = useWorld();
  const form = useSubmit(async ({ kind, name, topic }) => {
    const { room } = await world.api.post('/rooms', { kind, name: name.trim(), topic: topic.trim() });
    world.rooms.put(room);
    closeDialog();
    go(`#/rooms/${room.id}`);
  });
  return html`
    <${Dialog} title=${words.newRoom}>
      <form onSubmit=${form.submit}>
        <${Field} label=${words.roomName} name="name" required maxlength="80" dir="auto" autocomplete="off" autofocus problem=${form.problem} />
        <${Field} label=${words.roomTopic} name="topic" maxlength="250" dir="auto" autocomplete="off" hint=${words.topicHint} problem=${form.problem} />
        <${Radios} legend=${words.kind} name="kind" options=${KINDS} />
        <${Complaint} problem=${form.problem} />
        <div class="dialog-foot">
          <button type="button" class="button" onClick=${closeDialog}>${words.cancel}</button>
          <button class="button button-main" aria-disabled=${form.busy}>${words.create}</button>
        </div>
      </form>
    </${Dialog}>`;
}
