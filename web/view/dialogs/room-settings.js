// A room's name, topic and rules for those who may change them; what notifies me, and leaving, for everyone.
import { harmless } from '../../lib/text.js';
import { mayArchive, mayRename, maySlow, moderates } from '../../lib/rights.js';
import { words } from '../../lib/words.js';
import { Dialog, ask, closeDialog, openDialog } from '../dialogs.js';
import { Radios } from '../fields.js';
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
      <${ChangeForm} room=${room} />
      <${Level} room=${room} />
      ${room.kind !== 'direct' && html`
        <div class="dialog-foot">
          ${moderates(room, world.me) && html`<button class="button" onClick=${() => openDialog('roomModeration', id)}>${words.moderation}</button>`}
          <button class="button button-danger" onClick=${() => leave(world, room)}>${words.leaveRoom}</button>
        </div>`}
    </${Dialog}>`;
}

function ChangeForm({ room }) {
  const world = useWorld();
  const [renames, slows, archives] = [mayRename, maySlow, mayArchive].map((may) => may(room, world.me));
  const form = useSubmit(async (values) => {
    const change = changeOf(room, {
      ...(renames && { name: values.name.trim(), topic: values.topic.trim() }),
      ...(slows && { slow_mode: Number(values.slow_mode) }),
      ...(archives && { archived: values.archived === 'on' }),
    });
    await world.api.patch(`/rooms/${room.id}`, change);
    world.rooms.put({ id: room.id, ...change });
    closeDialog();
  });
  if (!renames && !archives) return null;
  return html`
    <form onSubmit=${form.submit}>
      ${renames && html`
        <${Field} label=${words.roomName} name="name" required maxlength="80" dir="auto" autocomplete="off" defaultValue=${room.name} problem=${form.problem} />
        <${Field} label=${words.roomTopic} name="topic" maxlength="250" dir="auto" autocomplete="off" defaultValue=${room.topic} problem=${form.problem} />`}
      ${slows && html`
        <${Field} label=${words.slowMode} name="slow_mode" type="number" min="0" max="86400" defaultValue=${room.slow_mode} problem=${form.problem} />`}
      ${archives && html`
        <label class="choice"><input type="checkbox" name="archived" defaultChecked=${room.archived} /><span>${words.archived}</span></label>`}
      <${Complaint} problem=${form.problem} />
      <div class="dialog-foot"><button class="button button-main" aria-disabled=${form.busy}>${words.save}</button></div>
    </form>`;
}

/** Only what is different is sent: each may need another right. */
function changeOf(room, wanted) {
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => value !== room[name]));
}

function Level({ room }) {
  const world = useWorld();
  async function choose(level) {
    await world.setLevel(room.id, level).catch((problem) => world.complain(problem));
  }
  return html`<${Radios} legend=${words.level} name="level" options=${LEVELS} chosen=${room.my.level} choose=${choose} />`;
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
