// Messages out of their rooms: found, pinned, or mentioning me. Each leads to its place.
import { missingOf } from '../lib/summary.js';
import { harmless, excerptOf, splitByMarks } from '../lib/text.js';
import { messagePath } from '../lib/route.js';
import { words } from '../lib/words.js';
import { clock } from './clock.js';
import { html, memo, useWorld } from './html.js';
import { Avatar } from './person.js';

export const ResultList = ({ messages, showRoom }) => html`
  <ul class="results">
    ${messages.map((message) => html`<${Result} key=${message.id} message=${message} showRoom=${showRoom} />`)}
  </ul>`;

const Result = memo(({ message, showRoom }) => {
  const world = useWorld();
  const room = world.rooms.of(message.room_id);
  const name = world.people.nameOf(message.user);
  return html`
    <li>
      <a class="result" href=${messagePath(message.room_id, message.id)}>
        <span class="result-head">
          <${Avatar} id=${message.user.id} name=${name} size="small" />
          <bdi class="author">${harmless(name)}</bdi>
          <time datetime=${message.at} title=${clock.full(message.at)}>${clock.brief(message.at)}</time>
        </span>
        <${Excerpt} message=${message} />
        ${showRoom && room && html`<span class="result-room">${words.inRoom(harmless(world.rooms.nameOf(room)))}</span>`}
      </a>
    </li>`;
});

function Excerpt({ message }) {
  const missing = missingOf(message);
  if (missing) return html`<span class="tombstone">${missing}</span>`;
  const { text, marks } = excerptOf(message.text || words.imageView, message.highlight);
  return html`
    <span class="excerpt" dir="auto">
      ${splitByMarks(text, marks).map((piece) => (piece.marked ? html`<mark>${piece.text}</mark>` : piece.text))}
    </span>`;
}
