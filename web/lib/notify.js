// Which messages are worth a notification.
import { concerns } from './mention.js';

/** @param my what I am in its room: {level, read_n, …}, or undefined when I am not in it */
export function notifies(message, my, me) {
  if (!my || message.user.id === me || message.blocked || message.deleted || message.n <= my.read_n) return false;
  return my.level === 'all' || (my.level === 'mentions' && concerns(message, me));
}
