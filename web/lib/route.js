// The address behind '#': what the page shows. Ids are positive integers below 2^53, anything else is home.

export const HOME = Object.freeze({ view: 'home' });

export function parseRoute(hash) {
  const parts = hash.replace(/^#?\/?/, '').split('/');
  if (parts[0] === 'rooms' && idOf(parts[1])) return { view: 'room', room: idOf(parts[1]), message: idOf(parts[2]) };
  if (parts[0] === 'link' && parts[1]) return { view: 'link', token: decode(parts[1]) };
  if (parts[0] === 'invite' && parts[1]) return { view: 'invite', token: decode(parts[1]) };
  if (parts[0] === 'share') return { view: 'share' };
  return HOME;
}

export const roomPath = (room) => `#/rooms/${room}`;
export const messagePath = (room, message) => `#/rooms/${room}/${message}`;

function idOf(text) {
  const id = /^[1-9]\d{0,15}$/.test(text ?? '') ? Number(text) : 0;
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
