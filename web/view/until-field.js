// For how long: a choice of hours.
import { HOURS } from '../lib/hours.js';
import { words } from '../lib/words.js';
import { Choice } from './fields.js';
import { html } from './html.js';

/** @param hours what one chooses from; null, as the last one of those that are offered else, is until it is lifted */
export const UntilField = ({ label = words.forHowLong, hours = [...HOURS, null], chosen = 24, ...select }) => html`
  <${Choice} label=${label} name="hours" options=${hours.map((each) => [each ?? '', words.duration(each)])} chosen=${chosen} ...${select} />`;
