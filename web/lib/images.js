// Which files may be sent as images; the server looks at the bytes, this only spares a useless upload.

const TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif'];
const MEGABYTE = 1 << 20;

export const ACCEPTED = TYPES.join(',');
export const LARGEST_MB = 20;

/** null, or the key of the word for what is wrong with it */
export function refusalOf(file) {
  if (!TYPES.includes(file.type)) return 'notAnImage';
  return file.size > LARGEST_MB * MEGABYTE ? 'imageTooLarge' : null;
}
