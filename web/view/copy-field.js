// Something to be taken along: shown whole, selected by a touch, copied by a button.
import { useId, useState } from 'preact/hooks';
import { more } from '../lib/more.js';
import { html } from './html.js';

export function CopyField({ label, value, hint }) {
  const id = useId();
  const [copied, setCopied] = useState(false);
  async function copy() {
    await navigator.clipboard?.writeText(value).then(() => setCopied(true), () => {});
    document.getElementById(id).select();
  }
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      <div class="copy-field">
        <input id=${id} class="input" readonly value=${value} aria-describedby=${hint && `${id}-told`} onFocus=${(event) => event.currentTarget.select()} />
        <button type="button" class="button" onClick=${copy}><span aria-live="polite">${copied ? more.copied : more.copy}</span></button>
      </div>
      ${hint && html`<p id=${`${id}-told`} class="hint">${hint}</p>`}
    </div>`;
}
