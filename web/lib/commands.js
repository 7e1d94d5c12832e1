// Lines that begin with a slash: what is typed in, what is meant out. They are done in view/commands.js.
import { mayAdd, mayRename, moderates, moderatesServer } from './rights.js';

const ALLOWED = {
  me: () => true,
  topic: mayRename,
  invite: mayAdd,
  dm: () => true,
  mute: (room, me) => room.kind !== 'direct' && moderates(room, me),
  ban: (room, me) => moderatesServer(me) || (room.kind !== 'direct' && moderates(room, me)),
  help: () => true,
};

/** The names of the commands that this person may use in this room. */
export const commandsFor = (room, me) => Object.keys(ALLOWED).filter((name) => ALLOWED[name](room, me));

/** → {name, rest} of a command, known or not; null for a message. Two slashes begin a message with one. */
export function commandOf(text) {
  const [, name, rest] = /^\/(?!\/)(\S*)\s*([^]*)$/.exec(text) ?? [];
  return name === undefined ? null : { name: name.toLowerCase(), rest: rest.trim() };
}

/** The message that is meant by a text which is no command. */
export const unescaped = (text) => text.replace(/^\/\//, '/');

/** Whom a line begins with, by the longest name that fits, with an @ before it or without: {person, rest}, or null. */
export function personAt(line, people) {
  const text = line.replace(/^@/, '');
  const folded = text.toLocaleLowerCase();
  const fits = people.filter(({ name }) => folded.startsWith(name.toLocaleLowerCase()) && !/^[\p{L}\p{N}]/u.test(text.slice(name.length)));
  const person = fits.sort((a, b) => b.name.length - a.name.length)[0];
  return person ? { person, rest: text.slice(person.name.length).trim() } : null;
}
