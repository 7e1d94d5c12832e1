// Goes to the room of two people, which is made when it is not there yet.
import { roomPath } from '../lib/route.js';
import { go } from './location.js';

/** → promise of the room; throws a Problem. */
export async function openDirect(world, user) {
  const { room } = await world.api.put(`/directs/${user.id}`);
  world.rooms.put(room);
  go(roomPath(room.id));
  return room;
}
