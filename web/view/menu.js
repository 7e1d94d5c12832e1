// A button that opens a menu: arrows move, Escape and a press elsewhere close.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { classes, html } from './html.js';
import { Icon } from './icons.js';

const MARGIN_PX = 8;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export function Menu({ label, icon, open, setOpen, children }) {
  const place = useRef(null);
  useEffect(() => open ? closeOutside(place.current, () => setOpen(false)) : undefined, [open]);
  useLayoutEffect(() => { if (open) showInside(place.current); }, [open]);

  function close() {
    setOpen(false);
    place.current.querySelector('button').focus();
  }

  function onKeyDown(event) {
    if (!open) return;
    event.stopPropagation();
    if (event.key === 'Escape') close();
    if (event.key in STEPS) { event.preventDefault(); step(place.current, STEPS[event.key]); }
  }

  return html`
    <div class="menu-place" ref=${place} onKeyDown=${onKeyDown}>
      <button class="button-icon" aria-label=${label} title=${label} aria-haspopup="menu" aria-expanded=${open}
        onClick=${() => setOpen(!open)}><${Icon} name=${icon} /></button>
      ${open && html`<div class="menu" role="menu" aria-label=${label} onClick=${close}>${children}</div>`}
    </div>`;
}

export const MenuItem = ({ icon, danger, onChoose, children }) => html`
  <button class=${classes('menu-item', danger && 'menu-danger')} role="menuitem" tabindex="-1" onClick=${onChoose}>
    <${Icon} name=${icon} />${children}
  </button>`;

function closeOutside(place, close) {
  const look = (event) => { if (!place.contains(event.target)) close(); };
  document.addEventListener('pointerdown', look);
  return () => document.removeEventListener('pointerdown', look);
}

/** Upwards when there is no room below; the first choice has the focus. */
function showInside(place) {
  const menu = place.querySelector('.menu');
  const edge = place.closest('.log')?.getBoundingClientRect().bottom ?? innerHeight;
  const below = menu.getBoundingClientRect().bottom > edge - MARGIN_PX;
  menu.classList.toggle('menu-up', below);
  menu.querySelector('[role="menuitem"]')?.focus({ preventScroll: true });
}

function step(place, by) {
  const items = [...place.querySelectorAll('[role="menuitem"]')];
  const here = items.indexOf(document.activeElement);
  items.at((here + by + items.length) % items.length)?.focus();
}
