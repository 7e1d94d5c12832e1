// What each event of the stream means for what the page holds. Doing one twice does no harm.
import { batch } from '@preact/signals-core';
import { concerns } from '../lib/mention.js';
import { change } from '../lib/stretch.js';

const HANDLERS = {
  'message.posted': posted,
  'message.edited': edited,
  'message.deleted': deleted,
  'reaction.added': (world, reaction) => reacted(world, reaction, true),
  'reaction.removed': (world, reaction) => reacted(world, reaction, false),
  'room.changed': (world, { room, ...rest }) => changed(world, room ?? rest),
  'member.joined': joined,
  'member.left': left,
  'member.changed': memberChanged,
  'user.changed': (world, { user, ...rest }) => world.people.learn([user ?? rest]),
  'user.hidden': hidden,
  'user.shown': (world, { user }) => world.timelines.refreshOf(user.id),
  'block.changed': blockChanged,
  'rule.changed': told('rule.changed'),
  'settings.changed': told('settings.changed'),
  'report.opened': (world) => world.moderation.changed(),
  'report.resolved': (world) => world.moderation.changed(),
  'pin.added': (world, pin) => world.pins.changed(pin.room_id),
  'pin.removed': (world, pin) => world.pins.changed(pin.room_id),
  'read.moved': (world, read) => world.rooms.read(read.room_id, read),
  'level.changed': (world, { room_id: id, level }) => world.rooms.change(id, { level }),
  presence: (world, presence) => world.people.applyPresence(presence),
  typing: (world, typing) => typing.user.id !== world.me.id && world.typing.show(typing),
  reset: (world) => world.reload(),
  'session.ended': (world, { reason }) => world.ended(reason),
};

export function apply(world, { type, data }) {
  const handler = HANDLERS[type];
  if (handler) batch(() => handler(world, data));
}

function posted(world, message) {
  world.people.learn([message.user]);
  world.rooms.posted(message, world.me.id);
  world.timelines.of(message.room_id)?.append(message);
  world.typing.hide(message.room_id, message.user.id);
  if (message.user.id === world.me.id) world.outbox.arrived(message.client_id);
  else world.heard(message);
  if (concerns(message, world.me.id)) world.mentions.arrived(message);
}

function edited(world, message) {
  world.timelines.of(message.room_id)?.edit(message);
  relist(world, message, (all) => change(all, message.id, () => message));
}

function deleted(world, removal) {
  world.timelines.of(removal.room_id)?.remove(removal);
  relist(world, removal, (all) => all.filter(({ id }) => id !== removal.id));
}

function hidden(world, { user }) {
  world.timelines.refreshOf(user.id);
  relist(world, {}, (all) => all.filter(({ user: { id } }) => id !== user.id));
}

/** What shows messages out of their rooms follows. */
function relist({ mentions, search, pins }, { id, room_id: room }, how) {
  for (const { messages } of [mentions, search]) messages.value &&= how(messages.value);
  if (pins.has(room, id)) pins.changed(room);
}

/** Nothing that the page keeps: whoever shows it asks again. */
function told(type) {
  return (world, data) => { world.news.value = { type, data }; };
}

function blockChanged(world) {
  world.timelines.refresh();
  if (world.moderation.blocked.value) world.moderation.loadBlocks().catch(() => {});
}

function reacted(world, reaction, on) {
  world.people.learn([reaction.user]);
  world.timelines.of(reaction.room_id)?.react(reaction, on);
}

function changed(world, room) {
  if (world.rooms.rooms.value.has(room.id)) world.rooms.put({ ...room, my: undefined });
}

function joined(world, { room_id: id, user, room }) {
  world.people.learn([user]);
  if (user.id !== world.me.id) return world.members.joined(id, user);
  if (room?.my) world.rooms.put(room);
  else world.fetchRoom(id);
  return undefined;
}

function left(world, { room_id: id, user, reason }) {
  if (user.id !== world.me.id) return world.members.left(id, user);
  const room = world.rooms.of(id);
  if (room && reason !== 'left') world.notify('removedFromRoom', world.rooms.nameOf(room));
  world.rooms.remove(id);
  world.timelines.drop(id);
  return undefined;
}

function memberChanged(world, { room_id: id, user, role, muted_until: mutedUntil }) {
  world.members.changed(id, user, { role, muted_until: mutedUntil });
  if (user.id === world.me.id) world.rooms.change(id, { role, muted_until: mutedUntil });
}
