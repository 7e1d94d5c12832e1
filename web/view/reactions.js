// The reactions below a message; a press adds mine or takes it back.
import { harmless } from '../lib/text.js';
import { words } from '../lib/words.js';
import { classes, html, useWorld } from './html.js';

export function Reactions({ message }) {
  if (!message.reactions?.length || message.deleted) return null;
  return html`
    <div class="reactions">
      ${message.reactions.map((reaction) => html`<${Reaction} key=${reaction.emoji} message=${message} reaction=${reaction} />`)}
    </div>`;
}

function Reaction({ message, reaction: { emoji, users } }) {
  const world = useWorld();
  const mine = users.includes(world.me.id);
  const told = words.reactedBy(users.map((id) => nameOf(world, id)), mine);
  return html`
    <button class=${classes('reaction', mine && 'reaction-mine')} aria-pressed=${mine} title=${told}
      onClick=${() => toggleReaction(world, message, emoji)}>
      <span class="emoji">${emoji}</span>${words.count(users.length)}<span class="unseen"> ${told}</span>
    </button>`;
}

function nameOf(world, id) {
  return id === world.me.id ? words.you : harmless(world.people.names.value.get(id) ?? words.removedPerson);
}

/** Shown at once; taken back when the server refuses. */
export async function toggleReaction(world, message, emoji) {
  const timeline = world.timelines.of(message.room_id);
  const mine = message.reactions?.find((reaction) => reaction.emoji === emoji)?.users.includes(world.me.id);
  const reaction = { message_id: message.id, emoji, user: world.me };
  const path = `/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`;
  timeline?.react(reaction, !mine);
  try {
    await (mine ? world.api.delete(path) : world.api.put(path));
  } catch (problem) {
    timeline?.react(reaction, mine);
    world.complain(problem);
  }
}
