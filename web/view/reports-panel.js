// The queue of those who moderate: what was reported, as it was, and what becomes of it, in one step.
import { useEffect } from 'preact/hooks';
import { administers, decisionsOn } from '../lib/rights.js';
import { harmless } from '../lib/text.js';
import { sentenceOf, words } from '../lib/words.js';
import { clock } from './clock.js';
import { ask } from './dialogs.js';
import { Empty } from './empty.js';
import { html, useWorld } from './html.js';
import { Avatar } from './person.js';

const SANCTIONS = { mute: 'mute', room_ban: 'roomBan', ban: 'ban' }; // as the words call them
const WAYS_BACK = { dismiss: ['resolve_report'], remove: ['remove_message', 'resolve_report'] };

/** @param about of one room, for those who moderate it; else of all that one may decide on */
export function ReportsPanel({ about: room = null }) {
  const { moderation } = useWorld();
  const reports = moderation.reports.value?.filter(({ message }) => !room || message.room_id === room);
  const problem = moderation.problem.value;
  useEffect(() => { moderation.loadReports(); }, []);
  return html`
    <div class="side-scroll" tabindex="0" role="group" aria-label=${words.reports}>
      ${problem && html`<${Empty} small title=${sentenceOf(problem)} />`}
      ${reports?.length === 0 && html`<${Empty} small title=${words.reportsEmpty} />`}
      <ul class="results">${reports?.map((report) => html`<${Reported} key=${report.id} report=${report} />`)}</ul>
    </div>`;
}

/** A mute or a ban is lifted by whoever may make it; a message comes back, and a report to be decided on again, by admins alone. */
function offerUndo(world, { message }, author, action) {
  const { me, moderation } = world;
  const kind = SANCTIONS[action];
  if (kind) world.notifyWithUndo(() => moderation.lift(kind, message.room_id, author.id), 'said', words.sanctions[kind](harmless(author.name)), words.done);
  else if (administers(me)) world.notifyWithUndo(() => moderation.undo(WAYS_BACK[action], message, me), 'said', words.resolve[action], words.done);
}

function Reported({ report }) {
  const world = useWorld();
  const { message, user } = report;
  const room = world.rooms.of(message.room_id);
  const author = world.people.known(message.user);
  async function resolve(action) {
    const does = words.sanctionDoes[SANCTIONS[action]];
    if (does && !await ask(words.sanctionAsk(harmless(author.name), does), words.resolve[action])) return;
    await world.moderation.resolve(report.id, action).then(() => offerUndo(world, report, author, action), (problem) => world.complain(problem));
  }
  return html`
    <li class="report">
      <span class="result-head">
        <${Avatar} id=${message.user.id} name=${message.user.name} size="small" />
        <bdi class="author">${harmless(message.user.name)}</bdi>
        <time datetime=${message.at} title=${clock.full(message.at)}>${clock.brief(message.at)}</time>
      </span>
      <span class="excerpt" dir="auto">${message.text || words.imageView}</span>
      <span class="result-room">${words.reportedBy(user && harmless(user.name), harmless(report.reason))}${room ? ` · ${words.inRoom(harmless(world.rooms.nameOf(room)))}` : ''}</span>
      <div class="report-actions">
        ${decisionsOn(author, world.me, room, world.members.roleOf(message.room_id, author.id)).map((action) => html`
          <button key=${action} class="button button-small" onClick=${() => resolve(action)}>${words.resolve[action]}</button>`)}
      </div>
    </li>`;
}
