// The stretch of a room that the page holds: messages always in the order of ids, each once. Pure functions on arrays.

/** Both lists as one; where both know a message, `fresh` is right. */
export function merge(known, fresh) {
  if (!fresh.length) return known;
  if (known.length && fresh.length === 1 && fresh[0].id > known.at(-1).id) return [...known, fresh[0]];
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of fresh) byId.set(message.id, message);
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

/** → {after, before, missing} of the first hole in the numbers n, or null. */
export function findGap(messages) {
  for (let i = 1; i < messages.length; i += 1) {
    const missing = messages[i].n - messages[i - 1].n - 1;
    if (missing > 0) return { after: messages[i - 1].id, before: messages[i].id, missing };
  }
  return null;
}

/** Changes the one message with this id; the same array when it is not there. */
export function change(messages, id, how) {
  const index = messages.findIndex((message) => message.id === id);
  if (index < 0) return messages;
  const changed = how(messages[index]);
  return changed === messages[index] ? messages : messages.with?.(index, changed) ?? replaceAt(messages, index, changed);
}

/** What answers a message quotes it: the quotes follow it. */
export function changeQuotes(messages, id, how) {
  if (!messages.some((message) => message.reply_to?.id === id)) return messages;
  return messages.map((message) => (message.reply_to?.id === id ? { ...message, reply_to: how(message.reply_to) } : message));
}

export function react(message, emoji, user, on) {
  const reactions = message.reactions ?? [];
  const known = reactions.find((reaction) => reaction.emoji === emoji);
  if (Boolean(known?.users.includes(user)) === on) return message;
  if (on && !known) return { ...message, reactions: [...reactions, { emoji, users: [user] }] };
  const users = on ? [...known.users, user] : known.users.filter((each) => each !== user);
  const all = reactions.map((reaction) => (reaction === known ? { ...reaction, users } : reaction));
  return { ...message, reactions: all.filter((reaction) => reaction.users.length) };
}

function replaceAt(messages, index, message) {
  const copy = messages.slice();
  copy[index] = message;
  return copy;
}
