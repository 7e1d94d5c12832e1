// For how long: a choice of hours.
import { DURATIONS } from '../model/moderation.js';
import { words } from '../lib/words.js';
import { Choice } from './fields.js';
import { html } from './html.js';

/** @param hours what one chooses from; null is until it is lifted */
export const UntilField = ({ label = words.forHowLong, hours = DURATIONS, chosen = 24, ...select }) => html`
  <${Choice} label=${label} name="hours" options=${hours.map((each) => [each ?? '', words.duration(each)])} chosen=${chosen} ...${select} />`;
