// For how long: a choice of hours, and the time that it comes to.
import { useId } from 'preact/hooks';
import { DURATIONS } from '../model/moderation.js';
import { words } from '../lib/words.js';
import { html } from './html.js';

/** @param hours what one chooses from; null is until it is lifted */
export function UntilField({ label = words.forHowLong, hours = DURATIONS, chosen = 24, onChange }) {
  const id = useId();
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      <select id=${id} class="input" name="hours" onChange=${onChange}>
        ${hours.map((each) => html`<option value=${each ?? ''} selected=${each === chosen}>${words.duration(each)}</option>`)}
      </select>
    </div>`;
}
