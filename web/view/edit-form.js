// A message being edited in its place. Enter saves, Escape cancels; one at a time. What is not saved yet survives a reload.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import { mayEdit } from '../lib/rights.js';
import { words } from '../lib/words.js';
import { html, useWorld } from './html.js';
import { growWithText, wantsSend } from './typing-keys.js';

/** The id of the message that is edited, or null. */
export const editing = signal(null);

/** The last message of mine that is here and can be edited. @returns whether there is one */
export function editLast(world, room) {
  const mine = world.timelines.of(room)?.messages.peek().findLast((message) => mayEdit(message, world.me));
  editing.value = mine?.id ?? null;
  return Boolean(mine);
}

export function EditForm({ message }) {
  const world = useWorld();
  const field = useRef(null);
  const key = `edit.${message.id}`;
  const keep = (text) => world.storage.write(key, text);
  useLayoutEffect(() => {
    field.current.value = world.storage.read(key) ?? message.text;
    growWithText(field.current);
    field.current.focus();
    field.current.setSelectionRange(field.current.value.length, field.current.value.length);
  }, []);

  function stop() {
    keep(null);
    if (editing.peek() !== message.id) return; // saved late: the next one is open by now
    editing.value = null;
    document.querySelector('.composer textarea')?.focus();
  }

  async function save() {
    const text = field.current.value.trim();
    if (!text || text === message.text) return stop();
    try {
      await world.api.patch(`/messages/${message.id}`, { text });
      world.timelines.of(message.room_id)?.edit({ id: message.id, text, edited_at: new Date().toISOString() });
      return stop();
    } catch (problem) {
      return world.complain(problem);
    }
  }

  function onKeyDown(event) {
    event.stopPropagation();
    if (event.key === 'Escape') stop();
    else if (wantsSend(event)) { event.preventDefault(); save(); }
  }

  return html`
    <form class="edit-form" onSubmit=${(event) => { event.preventDefault(); save(); }}>
      <textarea class="input" rows="1" aria-label=${words.editText} dir="auto" ref=${field} onKeyDown=${onKeyDown}
        onInput=${() => { growWithText(field.current); keep(field.current.value); }}></textarea>
      <p class="hint">${words.editHint}</p>
      <button class="button button-small button-main">${words.save}</button>
      <button type="button" class="button button-small" onClick=${stop}>${words.cancel}</button>
    </form>`;
}
