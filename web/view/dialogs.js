// Which dialog is open, and the frame that all of them share. The dialogs themselves are loaded with the first one.
import { useEffect, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import { words } from '../lib/words.js';
import { asked, finish } from './emoji.js';
import { classes, html, useWorld } from './html.js';
import { Icon } from './icons.js';
import { later } from './later.js';
import { Lightbox } from './lightbox.js';
import { Notice } from './notice.js';

const open = signal(null);
const question = signal(null);

let openings = 0;

export const openDialog = (name, about = null) => { open.value = { name, about, opening: (openings += 1) }; };
export const closeDialog = () => { open.value = null; };

/** Asks before something that cannot be undone. → true when it is meant. */
export const ask = (text, yes) => new Promise((answer) => { question.value = { text, yes, answer }; });

const NamedDialog = later(async () => (await import('./dialogs/all.js')).NamedDialog, closeDialog);
const EmojiPicker = later(async () => (await import('./emoji-picker.js')).EmojiPicker, () => finish(null));

export function Dialogs({ session }) {
  const wanted = open.value;
  return html`
    ${wanted && html`<${NamedDialog} ...${wanted} session=${session} />`}
    <${Question} />
    ${asked.value && html`<${EmojiPicker} />`}
    <${Lightbox} />`;
}

/** A modal dialog with a title; Escape and a press beside it close it. */
export function Dialog({ title, wide, close: given, children }) {
  const dialog = useRef(null);
  const mine = useRef(open.peek());
  const { notice } = useWorld();
  // The browser says late that one is closed: by then another may be open.
  const close = given ?? (() => { if (open.peek() === mine.current) closeDialog(); });
  useEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    notice.value = null; // of before: it would cover what is to be decided now
    return () => giveFocusBack(before);
  }, []);
  return html`
    <dialog class=${classes('dialog', wide && 'dialog-wide')} aria-label=${title} ref=${dialog} onClose=${close}
      onClick=${(event) => { if (event.target === event.currentTarget) close(); }}>
      <div class="dialog-box">
        <header class="dialog-head">
          <h2>${title}</h2>
          <button type="button" class="button-icon" aria-label=${words.close} onClick=${close}><${Icon} name="close" /></button>
        </header>
        ${children}
      </div>
      <${Notice} />
    </dialog>`;
}

/** Where it was, or, when that is gone, into the conversation. */
function giveFocusBack(before) {
  if (before?.isConnected) before.focus();
  else document.querySelector('[role="log"]')?.focus({ preventScroll: true });
}

function Question() {
  const wanted = question.value;
  if (!wanted) return null;
  const decide = (answer) => { question.value = null; wanted.answer(answer); };
  return html`
    <${Dialog} title=${wanted.yes} close=${() => decide(false)}>
      <p>${wanted.text}</p>
      <div class="dialog-foot">
        <button class="button" onClick=${() => decide(false)}>${words.cancel}</button>
        <button class="button button-danger" onClick=${() => decide(true)}>${wanted.yes}</button>
      </div>
    </${Dialog}>`;
}
