// What a rule would have caught: how many messages, and the newest of them.
import { harmless } from '../../lib/text.js';
import { more } from '../../lib/more.js';
import { words } from '../../lib/words.js';
import { clock } from '../clock.js';
import { html, useWorld } from '../html.js';
import { Listing, Row } from '../listing.js';

export function Trial({ trial, does }) {
  const { rooms } = useWorld();
  const draw = ({ id, text, user, room_id: roomId, at }) => {
    const room = rooms.of(roomId);
    return html`<${Row} key=${id} title=${harmless(text)} told=${[harmless(user.name), room && words.inRoom(harmless(rooms.nameOf(room))), clock.brief(at)].filter(Boolean).join(' · ')} />`;
  };
  return html`
    <div class="trial" role="status">
      <p><strong>${more.trialHits(trial.hits, trial.tried)}</strong></p>
      <p class="hint">${trial.slow ? more.trialSlow(clock.brief(trial.since)) : more.trialThen(does)}</p>
    </div>
    ${trial.hits > 0 && html`<${Listing} list=${{ value: [...trial.messages].reverse() }} label=${more.trialList} draw=${draw} />`}`;
}
