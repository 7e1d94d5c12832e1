// Finding a name by some of its letters.

const BEGINNING = 0;
const WORD = 1;
const INSIDE = 2;
const SCATTERED = 3;

/** How far a name is from what was typed: 0 begins so, more is worse, null has not even the letters in their order. */
export function distanceTo(name, typed) {
  const [whole, wanted] = [folded(name), folded(typed).trim()];
  const at = whole.indexOf(wanted);
  if (at === 0) return BEGINNING;
  if (at > 0) return /[\p{L}\p{N}]/u.test(whole[at - 1]) ? INSIDE : WORD;
  return scattered(whole, wanted.replace(/\s+/g, ''));
}

/** Those that fit, the best first, else in the order they came in. */
export function bestOf(items, typed, nameOf) {
  return items.map((item) => ({ item, distance: distanceTo(nameOf(item), typed) }))
    .filter(({ distance }) => distance !== null)
    .sort((a, b) => a.distance - b.distance)
    .map(({ item }) => item);
}

function scattered(whole, wanted) {
  let gaps = 0;
  let last = -1;
  for (const letter of wanted) {
    const at = whole.indexOf(letter, last + 1);
    if (at < 0) return null;
    gaps += at - last - 1;
    last = at;
  }
  return SCATTERED + gaps;
}

/** Without capitals and accents, which nobody types in a hurry. */
const folded = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
