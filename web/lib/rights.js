// Who may do what, as the server rules it, so that the page offers nothing that would be refused.
// The server decides; a mistake here only offers too much or too little.

const SERVER = { guest: 0, member: 0, moderator: 4, admin: 5, owner: 6 };
const ROOM = { member: 1, moderator: 2, owner: 3 };
const MODERATES = ROOM.moderator;
const ERASED = 'removed person'; // whoever was erased, and nobody else, has this name
const EXEMPT = ['member', 'moderator', 'admin', 'owner', 'nobody'];

/** One ladder in a room: server owner > admin > moderator > room owner > room moderator > everybody else. */
export function rankIn(room, person, roomRole) {
  const server = room?.kind === 'direct' ? 0 : SERVER[person?.role] ?? 0;
  return Math.max(server, ROOM[roomRole] ?? 0);
}

export const moderates = (room, me) => rankIn(room, me, room?.my?.role) >= MODERATES;
export const mayEdit = (message, me) => message.user.id === me.id && !message.deleted && Boolean(message.id);

export function mayRemove(message, me, room, author, authorRole) {
  if (!message.id || message.deleted) return false;
  if (message.user.id === me.id) return true;
  return moderates(room, me) && rankIn(room, me, room.my?.role) > rankIn(room, author, authorRole);
}

export const mayReport = (message, me) => Boolean(message.id) && !message.deleted && !message.blocked && message.user.id !== me.id;

/** Somebody to write to, to block or to act against. */
export const isSomebodyElse = (user, me) => user.id !== me.id && user.name !== ERASED;

export const moderatesServer = (me) => SERVER[me.role] >= SERVER.moderator;
export const administers = (me) => SERVER[me.role] >= SERVER.admin;
/** A rule belongs to whoever made it, and to those above; regular expressions cost time: they are for admins. */
export const mayChangeRule = (me, rule, maker) => (administers(me) || rule.kind !== 'regex') && (!maker || maker.id === me.id || mayBan(me, maker));
/** What somebody did is undone by themselves, and by admins above them. */
export const mayUndo = (me, actor) => administers(me) && (!actor || actor.id === me.id || mayBan(me, actor));
/** Whom a rule of mine may spare: nobody of my own rank or above can be judged by it. */
export const exemptionsOf = (me) => EXEMPT.filter((role) => (role === 'nobody' ? me.role === 'owner' : SERVER[role] <= SERVER[me.role]));
/** Of those who moderate the server, who stands above the other. */
export const mayBan = (me, person) => moderatesServer(me) && person.id !== me.id && SERVER[me.role] > (SERVER[person.role] ?? 0);

const given = (ladder, mine) => Object.keys(ladder).filter((role) => ladder[role] < mine || (role === 'owner' && ladder[role] === mine));

/** The roles that I may give: those below my own, and an owner makes owners. */
export const serverRolesOf = (me) => given(SERVER, SERVER[me.role] ?? 0).filter((role) => role !== 'guest');
export const roomRolesOf = (room, me) => given(ROOM, rankIn(room, me, room.my?.role));

/** What one may decide on a report of a message by this author; nobody judges their own. */
export function decisionsOn(author, me, room, authorRole) {
  if (author.id === me.id) return [];
  if (moderatesServer(me)) return mayBan(me, author) ? ['dismiss', 'remove', 'mute', 'room_ban', 'ban'] : ['dismiss'];
  return room && mayTakeOut(room, me, author, authorRole) ? ['dismiss', 'remove', 'mute', 'room_ban'] : ['dismiss'];
}

export const isMuted = (room, now = Date.now()) => Boolean(room?.my?.muted_until) && Date.parse(room.my.muted_until) > now;
export const mayWrite = (room) => Boolean(room?.my) && !room.archived && !isMuted(room);
export const mayAdd = (room) => room.kind !== 'direct' && mayWrite(room);
export const mayRename = (room, me) => room.kind !== 'direct' && mayWrite(room) && (room.kind === 'group' || moderates(room, me));
export const maySlow = (room, me) => room.kind !== 'direct' && mayWrite(room) && moderates(room, me);

/** Bringing a room back is for those who may archive it, muted or not. */
export function mayArchive(room, me) {
  return room.kind !== 'direct' && rankIn(room, me, room.my?.role) >= ROOM.owner && (room.archived || mayWrite(room));
}

export function mayTakeOut(room, me, person, personRole) {
  if (room.kind === 'direct' || person.id === me.id || !moderates(room, me)) return false;
  return rankIn(room, me, room.my.role) > rankIn(room, person, personRole);
}
