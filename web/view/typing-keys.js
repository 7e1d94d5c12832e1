// What Enter means, and how a text field grows with what is in it.

const COMPOSING_KEY = 229; // what Safari reports while an input method composes
const TOUCH = matchMedia('(pointer: coarse)');

/** Enter sends; Shift+Enter breaks; an input method's Enter is its own; on touch Enter breaks. */
export function wantsSend(event) {
  if (event.key !== 'Enter' || event.shiftKey || event.altKey) return false;
  if (event.isComposing || event.keyCode === COMPOSING_KEY) return false;
  return !TOUCH.matches || event.ctrlKey || event.metaKey;
}

/** The highest it may get is in the style sheet. */
export function growWithText(field) {
  if (CSS.supports('field-sizing', 'content')) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
}
