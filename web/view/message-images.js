// The images of a message: their places are as large as they will be before a byte has come.
import { harmless } from '../lib/text.js';
import { fitInto } from '../lib/fit.js';
import { words } from '../lib/words.js';
import { html, useWorld } from './html.js';
import { openLightbox } from './lightbox.js';

const LARGEST = { width: 400, height: 300 };
const SMALL = { width: 196, height: 196 };

export function MessageImages({ message }) {
  const { people } = useWorld();
  if (!message.images?.length) return null;
  const label = words.image(harmless(people.nameOf(message.user)));
  const limit = message.images.length > 1 ? SMALL : LARGEST;
  return html`
    <div class="images">
      ${message.images.map((image, index) => html`
        <${Thumb} key=${image.id} image=${image} size=${fitInto(image, limit)} label=${image.alt ? harmless(image.alt) : label}
          open=${() => openLightbox(message.images, index, label)} />`)}
    </div>`;
}

const Thumb = ({ image, size, label, open }) => html`
  <button class="thumb" aria-label=${label} onClick=${open}
    style=${{ width: `${size.width}px`, '--ratio': `${size.width} / ${size.height}` }}>
    <img src=${image.thumb_url} alt="" width=${size.width} height=${size.height} loading="lazy" decoding="async" />
  </button>`;
