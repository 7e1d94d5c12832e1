// What the commands do that begin with a slash. Loaded with the first one. What is refused says why, and leaves the line where it is.
import { commandsFor, personAt } from '../lib/commands.js';
import { more } from '../lib/more.js';
import { mayBan } from '../lib/rights.js';
import { harmless } from '../lib/text.js';
import { openDialog } from './dialogs.js';
import { openDirect } from './direct.js';

const DONE = true;

const COMMANDS = {
  me({ world, room, rest }) {
    world.outbox.send({ room: room.id, text: `_${rest}_`, replyTo: world.drafts.of(room.id).value.replyTo });
    return DONE;
  },

  async topic({ world, room, rest }) {
    await world.api.patch(`/rooms/${room.id}`, { topic: rest });
    return DONE;
  },

  invite: withPerson(async ({ world, room, person }) => {
    await world.members.add(room.id, person);
    world.notify('said', harmless(person.name), more.commandInvited);
    return DONE;
  }),

  dm: withPerson(async ({ world, person, rest }) => {
    const room = await openDirect(world, person);
    if (rest) world.outbox.send({ room: room.id, text: rest });
    return DONE;
  }),

  mute: withPerson(({ room, person }) => sanction('mute', room, person)),
  ban: withPerson(({ world, room, person }) => sanction(mayBan(world.me, person) ? 'ban' : 'roomBan', room, person)),

  help() {
    openDialog('keys');
    return DONE;
  },
};

const NEEDS_NOTHING = ['help', 'topic']; // without one, the topic is taken away

/** → promise of whether it is done. */
export async function runCommand(world, room, { name, rest }) {
  const refuse = (why) => { world.notify('said', `/${name}`, why); return false; };
  if (!Object.hasOwn(COMMANDS, name)) return refuse(more.commandUnknown);
  if (!commandsFor(room, world.me).includes(name)) return refuse(more.commandForbidden);
  if (!rest && !NEEDS_NOTHING.includes(name)) return refuse(more.commandNeeds[name]);
  try {
    return await COMMANDS[name]({ world, room, rest, refuse });
  } catch (problem) {
    world.complain(problem);
    return false;
  }
}

/** A command that begins with somebody's name. */
function withPerson(run) {
  return async ({ world, room, rest: line, refuse }) => {
    const found = personAt(line, [...world.people.users.value.values()]) ?? personAt(line, await askFor(world, line));
    if (!found) return refuse(more.commandNobody);
    if (found.person.id === world.me.id) return refuse(more.commandNotMyself);
    world.people.learn([found.person]);
    return run({ world, room, ...found });
  };
}

async function askFor({ api }, line) {
  const [first] = line.replace(/^@/, '').split(/\s/);
  return (await api.get('/users', { q: first })).users;
}

/** The dialog says what it will do before it is done. */
function sanction(kind, room, person) {
  openDialog('sanction', { kind, user: person.id, room: room.id });
  return DONE;
}
