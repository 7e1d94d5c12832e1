// The open room: its head, its messages, and where one writes; or why there is none.
import { useEffect, useState } from 'preact/hooks';
import { harmless } from '../lib/text.js';
import { sentenceOf, words } from '../lib/words.js';
import { Composer } from './composer.js';
import { openDialog } from './dialogs.js';
import { Empty } from './empty.js';
import { html, useWorld } from './html.js';
import { Log } from './log.js';
import { EmptyHead, RoomHead } from './room-head.js';

export function RoomView({ id }) {
  const world = useWorld();
  const room = id && world.rooms.of(id);
  const problem = useUnknownRoom(world, id, room);
  if (!id) return html`<${NoRooms} />`;
  if (problem) return html`<${NoRoom} problem=${problem} />`;
  if (!room) return html`<div class="log-place" aria-busy="true"></div>`;
  return html`
    <${RoomHead} room=${room} />
    ${room.my ? html`<${Log} roomId=${id} /><${Composer} room=${room} />` : html`<${FrontDoor} room=${room} />`}`;
}

function useUnknownRoom(world, id, room) {
  const [problem, setProblem] = useState(null);
  useEffect(() => {
    if (id && !room) world.fetchRoom(id).then(() => setProblem(null), setProblem);
  }, [id, Boolean(room)]);
  return room ? null : problem;
}

const NoRooms = () => html`
  <${EmptyHead} />
  <${Empty} heading title=${words.noRooms} next=${words.noRoomsNext}>
    <button class="button button-main" onClick=${() => openDialog('browse')}>${words.browse}</button>
  </${Empty}>`;

const NoRoom = ({ problem }) => html`
  <${EmptyHead} />
  <${Empty} heading title=${problem.status === 404 ? words.noRoom : sentenceOf(problem)} next=${words.noRoomNext} />`;

function FrontDoor({ room }) {
  const world = useWorld();
  const name = harmless(room.name);
  async function enter() {
    const answer = await world.api.post(`/rooms/${room.id}/join`).catch((problem) => world.complain(problem));
    if (answer) world.rooms.put(answer.room);
  }
  return html`
    <${Empty} title=${words.notMember(name)} next=${words.notMemberNext}>
      <button class="button button-main" onClick=${enter}>${words.joinRoom(name)}</button>
    </${Empty}>`;
}
