// The list of people that opens behind an @ while writing.
import { useState } from 'preact/hooks';
import { candidatesFor, complete, mentionAt } from '../lib/completion.js';
import { EVERYBODY } from '../lib/mention.js';
import { moderates } from '../lib/rights.js';
import { harmless } from '../lib/text.js';
import { words } from '../lib/words.js';
import { classes, html } from './html.js';
import { Avatar } from './person.js';

const LIST = 'mention-list';

export function useMentions(world, room, field) {
  const [state, setState] = useState(null);
  const people = state ? candidatesFor(state.place.typed, othersIn(world, room), recentIn(world, room)) : [];
  const open = people.length > 0;
  const index = open ? Math.min(state.index, people.length - 1) : -1;
  const close = () => setState(null);

  function look() {
    const place = mentionAt(field.current.value, field.current.selectionStart);
    setState(place ? { place, index: 0 } : null);
    if (place && !world.members.of(room.id)) world.members.load(room.id).catch(() => {});
  }

  function choose(person) {
    const { value, selectionStart } = field.current;
    const { text, cursor } = complete(value, selectionStart, state.place, person.name);
    world.drafts.change(room.id, { text });
    close();
    field.current.value = text;
    field.current.focus();
    field.current.setSelectionRange(cursor, cursor);
  }

  /** @returns whether the key was for the list */
  function onKeyDown(event) {
    if (!open || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setState({ ...state, index: (index + step + people.length) % people.length });
    else if (event.key === 'Enter' || event.key === 'Tab') choose(people[index]);
    else if (event.key === 'Escape') close();
    else return false;
    event.preventDefault();
    return true;
  }

  const field_ = {
    onKeyUp: (event) => { if (!['ArrowDown', 'ArrowUp', 'Escape', 'Enter', 'Tab'].includes(event.key)) look(); },
    onBlur: close,
    'aria-autocomplete': 'list',
    'aria-controls': open ? LIST : undefined,
    'aria-activedescendant': open ? `${LIST}-${index}` : undefined,
  };
  return { people, index, choose, onKeyDown, field: field_ };
}

export function MentionList({ mentions: { people, index, choose } }) {
  if (!people.length) return null;
  return html`
    <ul class="mention-list" role="listbox" id=${LIST} aria-label=${words.people}>
      ${people.map((person, each) => html`
        <li key=${person.id} id=${`${LIST}-${each}`} role="option" aria-selected=${each === index}
          class=${classes('mention-option', each === index && 'mention-chosen')}
          onMouseDown=${(event) => { event.preventDefault(); choose(person); }}>
          <${Avatar} id=${person.id} name=${person.name} size="small" /><bdi>${harmless(person.name)}</bdi>
        </li>`)}
    </ul>`;
}

function othersIn(world, room) {
  const members = world.members.of(room.id)?.map((member) => member.user) ?? [...world.people.users.value.values()];
  const all = moderates(room, world.me) ? [{ id: 0, name: EVERYBODY }] : [];
  return members.map((user) => world.people.users.value.get(user.id) ?? user).filter((user) => user.id !== world.me.id).concat(all);
}

function recentIn(world, room) {
  const authors = (world.timelines.of(room.id)?.messages.value ?? []).map((message) => message.user.id).reverse();
  return [...new Set(authors)];
}
