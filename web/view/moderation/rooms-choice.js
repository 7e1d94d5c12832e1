// In which rooms: any number of mine, and those that were chosen by somebody who knows more of them.
import { useId, useState } from 'preact/hooks';
import { harmless } from '../../lib/text.js';
import { more } from '../../lib/more.js';
import { complaintOf } from '../../lib/words.js';
import { html, useWorld } from '../html.js';

export function roomNamed(rooms, id) {
  const room = rooms.of(id);
  return room ? harmless(room.name) : more.unknownRoom(id);
}

/** @param chosen ids; the first ones it is given stay at the top, also when they are not chosen any more */
export function RoomsChoice({ name, chosen, problem }) {
  const { rooms } = useWorld();
  const [first] = useState(chosen);
  const id = useId();
  const mine = rooms.sorted.value.filter(({ kind }) => kind !== 'direct').map((room) => room.id);
  const complaint = complaintOf(problem, name);
  return html`
    <fieldset class="choices" aria-describedby=${`${id}-told`}>
      <legend>${more.room}</legend>
      <div class="choices-many">
        ${[...new Set([...first, ...mine])].map((room) => html`
          <label class="choice" key=${room}>
            <input type="checkbox" name=${name} value=${room} checked=${chosen.includes(room)} /><bdi>${roomNamed(rooms, room)}</bdi>
          </label>`)}
      </div>
      <p id=${`${id}-told`} class=${complaint ? 'complaint' : 'hint'}>${complaint ?? more.everywhereHint}</p>
    </fieldset>`;
}
