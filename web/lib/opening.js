// What the page asks for when it opens: the snapshot, and in it the messages of the room that will be shown.

export const FIRST_PAGE = 50;

/** The query of GET /api/state, for an address {room?, message?} and the room of the last time; a message's surroundings it does not hold. */
export function openingQuery({ room, message }, last) {
  return message ? {} : { room: room ?? last, limit: FIRST_PAGE };
}
