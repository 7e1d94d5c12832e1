// From messages to the rows of the conversation: day separators, the divider "new", and one author's
// messages within five minutes drawn as one group.
import { minutesBetween } from './time.js';

const GROUP_MINUTES = 5;

/**
 * @param messages in order; those on their way have no id and come last
 * @param newAfter the number n of the last message that was read when the room was opened, or null
 * @param dayKey   at → a string that is the same for the same day
 * @param me       id of the reader, whose messages have the same key before and after the server confirmed them
 */
export function rowsOf(messages, { newAfter = null, dayKey, me }) {
  const rows = [];
  let previous = null;
  for (const message of messages) {
    const day = dayKey(message.at);
    const newDay = !previous || dayKey(previous.at) !== day;
    const firstNew = isFirstNew(previous, message, newAfter);
    if (newDay) rows.push({ kind: 'day', key: `day ${day}`, at: message.at });
    if (firstNew) rows.push({ kind: 'new', key: 'new' });
    rows.push({ kind: 'message', key: keyOf(message, me), message, grouped: !newDay && !firstNew && belongs(previous, message) });
    previous = message;
  }
  return rows;
}

function isFirstNew(previous, message, newAfter) {
  if (newAfter === null || !message.n || message.n <= newAfter) return false;
  return !previous?.n || previous.n <= newAfter;
}

function belongs(previous, message) {
  return previous.user.id === message.user.id && !previous.deleted && !message.reply_to && !previous.blocked
    && minutesBetween(previous.at, message.at) <= GROUP_MINUTES;
}

const keyOf = (message, me) => (message.user.id === me && message.client_id) || String(message.id);
