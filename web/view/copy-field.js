// Something to be taken along: shown whole, selected by a touch, copied by a button.
import { useId, useState } from 'preact/hooks';
import { more } from '../lib/more.js';
import { Labelled } from './form.js';
import { html } from './html.js';

export function CopyField({ label, value, hint }) {
  const id = useId();
  const [copied, setCopied] = useState(false);
  async function copy() {
    await navigator.clipboard?.writeText(value).then(() => setCopied(true), () => {});
    document.getElementById(id).select();
  }
  return html`
    <${Labelled} id=${id} label=${label} hint=${hint}>
      <div class="copy-field">
        <input id=${id} class="input" readonly value=${value} aria-describedby=${hint && `${id}-told`} onFocus=${(event) => event.currentTarget.select()} />
        <button type="button" class="button" onClick=${copy}><span aria-live="polite">${copied ? more.copied : more.copy}</span></button>
      </div>
    </${Labelled}>`;
}
