// A room's name, topic and rules for those who may change them; what notifies me, and leaving, for everyone.
import { harmless } from '../../lib/text.js';
import { mayChange } from '../../lib/rights.js';
import { words } from '../../lib/words.js';
import { Dialog, ask, closeDialog } from '../dialogs.js';
import { html, useWorld } from '../html.js';
import { Complaint, Field, useSubmit } from '../form.js';
import { go } from '../location.js';

const LEVELS = [['all', words.levelAll], ['mentions', words.levelMentions], ['none', words.levelNone]];

export function RoomSettings({ about: id }) {
  const world = useWorld();
  const room = world.rooms.of(id);
  if (!room?.my) return null;
  return html`
    <${Dialog} title=${words.roomSettings}>
      ${mayChange(room, world.me) && html`<${ChangeForm} room=${room} />`}
      <${Level} room=${room} />
      ${room.kind !== 'direct' && html`
        <div class="dialog-foot"><button class="button button-danger" onClick=${() => leave(world, room)}>${words.leaveRoom}</button></div>`}
    </${Dialog}>`;
}

function ChangeForm({ room }) {
  const world = useWorld();
  const form = useSubmit(async ({ name, topic, slow_mode: slowMode, archived }) => {
    const change = { name: name.trim(), topic: topic.trim(), slow_mode: Number(slowMode), archived: archived === 'on' };
    const answer = await world.api.patch(`/rooms/${room.id}`, change);
    if (answer?.room) world.rooms.put({ ...answer.room, my: answer.room.my ?? undefined });
    closeDialog();
  });
  const complaints = form.problem?.fields ?? {};
  return html`
    <form onSubmit=${form.submit}>
      <${Field} label=${words.roomName} name="name" required maxlength="80" dir="auto" autocomplete="off" value=${room.name} complaint=${complaints.name} />
      <${Field} label=${words.roomTopic} name="topic" maxlength="250" dir="auto" autocomplete="off" value=${room.topic} complaint=${complaints.topic} />
      <${Field} label=${words.slowMode} name="slow_mode" type="number" min="0" max="86400" value=${room.slow_mode} complaint=${complaints.slow_mode} />
      <label class="choice"><input type="checkbox" name="archived" checked=${room.archived} /><span>${words.archived}</span></label>
      <${Complaint} problem=${form.problem} />
      <div class="dialog-foot"><button class="button button-main" aria-disabled=${form.busy}>${words.save}</button></div>
    </form>`;
}

function Level({ room }) {
  const world = useWorld();
  async function choose(level) {
    await world.api.put(`/rooms/${room.id}/level`, { level }).then(() => world.rooms.change(room.id, { level }), (problem) => world.complain(problem));
  }
  return html`
    <fieldset class="choices">
      <legend>${words.level}</legend>
      ${LEVELS.map(([level, title]) => html`
        <label class="choice">
          <input type="radio" name="level" checked=${room.my.level === level} onChange=${() => choose(level)} /><span>${title}</span>
        </label>`)}
    </fieldset>`;
}

async function leave(world, room) {
  closeDialog();
  if (!await ask(words.leaveAsk(harmless(room.name)), words.leaveRoom)) return;
  try {
    await world.api.post(`/rooms/${room.id}/leave`);
    world.rooms.remove(room.id);
    world.timelines.drop(room.id);
    go('#/');
  } catch (problem) {
    world.complain(problem);
  }
}
