// The emoji to choose from: a search, groups, and a grid that arrows move in.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { words } from '../lib/words.js';
import { asked, findEmoji, finish } from './emoji.js';
import { html } from './html.js';

// The groups of Unicode that have pictures of their own, and one sign for each.
const GROUPS = [[0, '😀'], [1, '👋'], [3, '🐱'], [4, '🍎'], [5, '🏠'], [6, '⚽'], [7, '📝'], [8, '⛔'], [9, '🏁']];
const MARGIN_PX = 8;
const COLUMNS = 8;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS };

export const EmojiPicker = () => asked.value && html`<${Picker} near=${asked.value.near} />`;

function Picker({ near }) {
  const dialog = useRef(null);
  const [text, setText] = useState('');
  const [group, setGroup] = useState(0);
  const emoji = useEmoji(text.trim(), group);
  useLayoutEffect(() => {
    dialog.current.showModal();
    putNear(dialog.current, near);
  }, []);
  const choose = (event) => {
    const sign = event.target.closest('[data-emoji]')?.dataset.emoji;
    if (sign) finish(sign);
  };
  return html`
    <dialog class="emoji-place" aria-label=${words.emoji} ref=${dialog} onClose=${() => finish(null)}
      onClick=${(event) => { if (event.target === dialog.current) finish(null); }}>
      <input class="input" type="text" aria-label=${words.emojiFind} placeholder=${words.emojiFind} autocomplete="off" autofocus
        onInput=${(event) => setText(event.currentTarget.value)}
        onKeyDown=${(event) => { if (event.key === 'Enter' && emoji?.length) finish(emoji[0].unicode); }} />
      <div class="emoji-groups" role="group" aria-label=${words.emojiGroups}>
        ${GROUPS.map(([number, sign], index) => html`
          <button class="button-icon" aria-label=${words.emojiGroup[index]} title=${words.emojiGroup[index]}
            aria-pressed=${group === number && !text} onClick=${() => { setText(''); setGroup(number); }}>
            <span class="emoji">${sign}</span>
          </button>`)}
      </div>
      <div class="emoji-grid" role="group" aria-label=${words.emoji} aria-busy=${!emoji} onClick=${choose} onKeyDown=${step}>
        ${emoji?.map(({ unicode, name }, index) => html`
          <button key=${unicode} class="emoji-choice" tabindex=${index ? -1 : 0} data-emoji=${unicode} aria-label=${name} title=${name}>${unicode}</button>`)}
        ${emoji?.length === 0 && html`<p class="hint">${words.emojiNone}</p>`}
      </div>
    </dialog>`;
}

function useEmoji(text, group) {
  const [emoji, setEmoji] = useState(null);
  useEffect(() => {
    let current = true;
    findEmoji(text, group).then((found) => { if (current) setEmoji(found); }, () => { if (current) setEmoji([]); });
    return () => { current = false; };
  }, [text, group]);
  return emoji;
}

function step(event) {
  if (!(event.key in STEPS)) return;
  const all = [...event.currentTarget.querySelectorAll('.emoji-choice')];
  event.preventDefault();
  all[all.indexOf(document.activeElement) + STEPS[event.key]]?.focus();
}

function putNear(place, box) {
  const { offsetWidth: width, offsetHeight: height } = place;
  const left = Math.min(Math.max(MARGIN_PX, box.right - width), innerWidth - width - MARGIN_PX);
  const above = box.bottom + height + MARGIN_PX > innerHeight;
  place.style.left = `${Math.max(0, left)}px`;
  place.style.top = `${above ? Math.max(MARGIN_PX, box.top - height - MARGIN_PX) : box.bottom + MARGIN_PX}px`;
}
