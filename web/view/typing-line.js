// Who is writing. Its line is always there, so that nothing moves when somebody begins.
import { harmless } from '../lib/text.js';
import { words } from '../lib/words.js';
import { html, useWorld } from './html.js';

const NAMED = 3;

export function TypingLine({ roomId }) {
  const world = useWorld();
  const names = [...world.typing.of(roomId).keys()].map((id) => harmless(world.people.names.value.get(id) ?? ''));
  return html`<p class="typing">${names.length > 0 && words.typing(names.slice(0, NAMED), names.length > NAMED)}</p>`;
}
