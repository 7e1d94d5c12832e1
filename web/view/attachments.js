// Images before they are sent: picked, pasted or dropped; seen, cancelled, tried again.
import { useEffect, useRef } from 'preact/hooks';
import { ACCEPTED } from '../lib/images.js';
import { harmless } from '../lib/text.js';
import { sentenceOf, words } from '../lib/words.js';
import { classes, html, useWorld } from './html.js';
import { Icon } from './icons.js';

const LONGEST_ALT = 1000;

export const filesOf = (transfer) => [...transfer?.files ?? []];

export function AttachButton({ roomId }) {
  const { uploads } = useWorld();
  const input = useRef(null);
  useDrop(uploads, roomId);
  function take() {
    uploads.add(roomId, [...input.current.files]);
    input.current.value = '';
  }
  return html`
    <input type="file" accept=${ACCEPTED} multiple hidden ref=${input} onChange=${take} />
    <button type="button" class="button-icon" aria-label=${words.attach} title=${words.attach}
      onClick=${() => input.current.click()}><${Icon} name="image" /></button>`;
}

export function Attachments({ roomId, uploads }) {
  if (!uploads.length) return null;
  return html`
    <ul class="attachments" aria-label=${words.attachments}>
      ${uploads.map((upload) => html`<${Attachment} key=${upload.key} roomId=${roomId} upload=${upload} />`)}
    </ul>`;
}

function Attachment({ roomId, upload }) {
  const { uploads } = useWorld();
  const { key, alt, preview, percent, image, problem } = upload;
  const name = harmless(upload.name);
  const told = problem ? `${words.uploadFailed(name)} ${sentenceOf(problem)}` : words.uploading(name, percent);
  return html`
    <li class=${classes('attachment', problem && 'attachment-failed')}>
      <img src=${preview} alt=${name} />
      <input class="attachment-alt" maxlength=${LONGEST_ALT} aria-label=${words.describe(name)} placeholder=${words.description} value=${alt}
        onInput=${(event) => uploads.describe(roomId, key, event.currentTarget.value)} />
      ${!image && !problem && html`<progress max="100" value=${percent} aria-label=${told}></progress>`}
      ${problem && html`
        <p class="complaint">${told}</p>
        ${problem.passes && html`<button type="button" class="link" onClick=${() => uploads.retry(roomId, key)}>${words.tryAgain}</button>`}`}
      <button type="button" class="button-icon attachment-away" aria-label=${words.takeAway(name)} title=${words.takeAway(name)}
        onClick=${() => uploads.remove(roomId, key)}><${Icon} name="close" small /></button>
    </li>`;
}

/** Files may be dropped anywhere on the page; they go to the open room. */
function useDrop(uploads, roomId) {
  useEffect(() => {
    const carries = (event) => event.dataTransfer?.types.includes('Files');
    const over = (event) => { if (carries(event)) { event.preventDefault(); document.body.classList.add('dropping'); } };
    const out = (event) => { if (!event.relatedTarget) document.body.classList.remove('dropping'); };
    const drop = (event) => {
      document.body.classList.remove('dropping');
      if (!carries(event)) return;
      event.preventDefault();
      uploads.add(roomId, filesOf(event.dataTransfer));
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', out);
    addEventListener('drop', drop);
    return () => { removeEventListener('dragover', over); removeEventListener('dragleave', out); removeEventListener('drop', drop); };
  }, [roomId]);
}
