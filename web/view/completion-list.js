// The list that opens while writing: people behind an @, emoji behind a colon, commands behind a slash at the beginning. Loaded with the
// first of these signs; the composer hands it its keys.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { commandsFor } from '../lib/commands.js';
import { candidatesFor, complete, placeAt } from '../lib/completion.js';
import { bestOf } from '../lib/fuzzy.js';
import { EVERYBODY } from '../lib/mention.js';
import { moderates } from '../lib/rights.js';
import { harmless } from '../lib/text.js';
import { words } from '../lib/words.js';
import { Choices, ownerOf, useChoice } from './choice.js';
import { findEmoji } from './emoji.js';
import { html, useWorld } from './html.js';
import { Avatar } from './person.js';

const LIST = 'completion-list';
const MOST_EMOJI = 6;

const KINDS = {
  person: {
    label: words.people,
    keyOf: ({ id }) => id,
    whole: ({ name }) => `@${name}`,
    draw: ({ id, name }) => html`<${Avatar} id=${id} name=${name} size="small" /><bdi>${harmless(name)}</bdi>`,
  },
  emoji: {
    label: words.emoji,
    keyOf: ({ unicode }) => unicode,
    whole: ({ unicode }) => unicode,
    draw: ({ unicode, name }) => html`<span class="emoji">${unicode}</span><span>${name}</span>`,
  },
  command: {
    label: words.commands,
    keyOf: (name) => name,
    whole: (name) => `/${name}`,
    draw: (name) => html`<strong>${`/${name}`}</strong><span class="hint">${words.commandHints[name]}</span>`,
  },
};

/** @param handle a ref that gets {look(), close(), onKeyDown(event) → whether the key was for the list} */
export function CompletionList({ room, field, handle }) {
  const world = useWorld();
  const [place, setPlace] = useState(null);
  const [emoji, setEmoji] = useState([]);
  const latest = useRef(null);
  const items = place ? itemsFor(world, room, place, emoji) : [];
  const choice = useChoice(items, choose);
  const close = () => setPlace(null);

  function look() {
    const found = placeAt(field.current.value, field.current.selectionStart);
    setPlace(found);
    choice.reset();
    if (found?.kind === 'person' && !world.members.of(room.id)) world.members.load(room.id).catch(() => {});
    if (found?.kind === 'emoji') askForEmoji(found.typed);
  }

  /** Only the answer to the latest letters counts. */
  async function askForEmoji(typed) {
    latest.current = typed;
    const found = await emojiFor(typed).catch(() => []);
    if (latest.current === typed) setEmoji(found);
  }

  function choose(item) {
    const { value, selectionStart } = field.current;
    const { text, cursor } = complete(value, selectionStart, place, KINDS[place.kind].whole(item));
    world.drafts.change(room.id, { text });
    close();
    field.current.value = text;
    field.current.focus();
    field.current.setSelectionRange(cursor, cursor);
  }

  function onKeyDown(event) {
    if (choice.onKeyDown(event)) return true;
    if (!items.length || event.isComposing || event.shiftKey) return false;
    if (event.key === 'Tab') choose(items[choice.index]);
    else if (event.key === 'Escape') close();
    else return false;
    event.preventDefault();
    return true;
  }

  useEffect(look, []); // the sign stands there already
  useLayoutEffect(() => {
    handle.current = { look, close, onKeyDown };
    tellOwner(field.current, ownerOf(LIST, items, choice.index));
  });
  if (!items.length) return null;
  const { label, keyOf, draw } = KINDS[place.kind];
  return html`<div class="completion-place"><${Choices} id=${LIST} label=${label} items=${items} index=${choice.index} choose=${choose} keyOf=${keyOf} draw=${draw} /></div>`;
}

function tellOwner(field, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) field.removeAttribute(name); else field.setAttribute(name, value);
  }
}

function itemsFor(world, room, { kind, typed }, emoji) {
  if (kind === 'emoji') return emoji;
  if (kind === 'command') return commandsFor(room, world.me).filter((name) => name.startsWith(typed.toLowerCase()));
  return candidatesFor(typed, othersIn(world, room), recentIn(world, room));
}

/** Those that are called so come before those that only have to do with it. */
async function emojiFor(typed) {
  const found = await findEmoji(typed);
  return [...new Set([...bestOf(found, typed, ({ name }) => name), ...found])].slice(0, MOST_EMOJI);
}

function othersIn(world, room) {
  const members = world.members.of(room.id)?.map((member) => member.user) ?? [...world.people.users.value.values()];
  const all = moderates(room, world.me) ? [{ id: 0, name: EVERYBODY }] : [];
  return members.map((user) => world.people.known(user)).filter((user) => user.id !== world.me.id).concat(all);
}

/** Whoever spoke last comes first. */
function recentIn(world, room) {
  const authors = (world.timelines.of(room.id)?.messages.value ?? []).map((message) => message.user.id).reverse();
  return [...new Set(authors)];
}
