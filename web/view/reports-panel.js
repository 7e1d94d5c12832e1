// The queue of those who moderate: what was reported, as it was, and what becomes of it, in one step.
import { useEffect } from 'preact/hooks';
import { harmless } from '../lib/text.js';
import { sentenceOf, words } from '../lib/words.js';
import { clock } from './clock.js';
import { Empty } from './empty.js';
import { html, useWorld } from './html.js';
import { Avatar } from './person.js';

const ACTIONS = ['dismiss', 'remove', 'mute', 'room_ban', 'ban'];

export function ReportsPanel() {
  const { moderation } = useWorld();
  const reports = moderation.reports.value;
  const problem = moderation.problem.value;
  useEffect(() => { moderation.loadReports(); }, []);
  return html`
    <div class="side-scroll" tabindex="0" role="group" aria-label=${words.reports}>
      ${problem && html`<${Empty} small title=${sentenceOf(problem)} />`}
      ${reports?.length === 0 && html`<${Empty} small title=${words.reportsEmpty} />`}
      <ul class="results">${reports?.map((report) => html`<${Reported} key=${report.id} report=${report} />`)}</ul>
    </div>`;
}

function Reported({ report }) {
  const world = useWorld();
  const { message, user } = report;
  const room = world.rooms.of(message.room_id);
  const resolve = (action) => world.moderation.resolve(report.id, action).catch((problem) => world.complain(problem));
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
        ${ACTIONS.map((action) => html`
          <button key=${action} class="button button-small" onClick=${() => resolve(action)}>${words.resolve[action]}</button>`)}
      </div>
    </li>`;
}
