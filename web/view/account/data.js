// What is mine: taken along as a file, or erased, with what that means said before.
import { useState } from 'preact/hooks';
import { harmless } from '../../lib/text.js';
import { more } from '../../lib/more.js';
import { Radios } from '../fields.js';
import { html, useWorld } from '../html.js';
import { Complaint, Field, useSubmit } from '../form.js';
import { useAsked } from '../listing.js';
import { Part } from '../sections.js';

export const Data = () => html`
  <${Part} title=${more.exportTitle} lead=${more.exportHolds}>
    <div><a class="button" href="/api/me/export" download="parley.jsonl">${more.exportGet}</a></div>
  </${Part}>
  <${Erasing} />`;

const CHOICES = [['keep', more.eraseKeep, more.eraseKeepHint], ['remove', more.eraseRemove, more.eraseRemoveHint]];

function Erasing() {
  const world = useWorld();
  const [typed, setTyped] = useState('');
  const preview = useAsked(async () => (await world.api.get('/me/erasure')).erasure);
  const form = useSubmit(async ({ messages }) => {
    await world.api.delete(`/me?messages=${messages}`);
    world.ended('erased');
  });
  const name = harmless(world.me.name);
  return html`
    <${Part} title=${more.eraseTitle} lead=${more.eraseDoes}>
      <${Complaint} problem=${preview.problem} />
      ${preview.value && html`
        <p>${more.eraseCounts(preview.value)}</p>
        <form onSubmit=${form.submit}>
          <${Radios} legend=${more.eraseMessages} name="messages" options=${CHOICES} />
          <${Field} label=${more.eraseConfirm(name)} name="confirm" required dir="auto" autocomplete="off" value=${typed} onInput=${(event) => setTyped(event.currentTarget.value)} />
          <${Complaint} problem=${form.problem} />
          <div class="dialog-foot"><button class="button button-danger" disabled=${typed.trim() !== name} aria-disabled=${form.busy}>${more.erase}</button></div>
        </form>`}
    </${Part}>`;
}
