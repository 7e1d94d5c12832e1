// An image alone, with its neighbours by arrow keys. Escape closes.
import { useEffect, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import { harmless } from '../lib/text.js';
import { words } from '../lib/words.js';
import { html } from './html.js';
import { Icon } from './icons.js';

const shown = signal(null);

export const openLightbox = (images, index, label) => { shown.value = { images, index, label }; };
const close = () => { shown.value = null; };

export function Lightbox() {
  const dialog = useRef(null);
  const now = shown.value;
  useEffect(() => { if (now) dialog.current.showModal(); }, [Boolean(now)]);
  if (!now) return null;
  const { images, index, label } = now;
  const image = images[index];
  const turn = (by) => { if (images[index + by]) shown.value = { ...now, index: index + by }; };

  return html`
    <dialog class="lightbox" aria-label=${words.imageView} ref=${dialog} onClose=${close}
      onKeyDown=${(event) => { if (event.key === 'ArrowLeft') turn(-1); if (event.key === 'ArrowRight') turn(1); }}
      onClick=${(event) => { if (event.target === event.currentTarget) dialog.current.close(); }}>
      <img src=${image.url} alt=${image.alt ? harmless(image.alt) : label} width=${image.width} height=${image.height} />
      <div class="lightbox-bar">
        ${images.length > 1 && html`
          <button class="button-icon" aria-label=${words.previous} disabled=${index === 0} onClick=${() => turn(-1)}><${Icon} name="back" /></button>
          <button class="button-icon" aria-label=${words.next} disabled=${index === images.length - 1} onClick=${() => turn(1)}><${Icon} name="forward" /></button>`}
        <a class="button-icon" href=${image.url} target="_blank" rel="noopener noreferrer" aria-label=${words.imageFull} title=${words.imageFull}><${Icon} name="image" /></a>
        <button class="button-icon" aria-label=${words.close} onClick=${() => dialog.current.close()}><${Icon} name="close" /></button>
      </div>
    </dialog>`;
}
