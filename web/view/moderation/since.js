// Since when: a choice of hours back from now.
import { more } from '../../lib/more.js';
import { Choice } from '../fields.js';
import { html } from '../html.js';

const HOUR_MS = 3_600_000;
const HOURS = [1, 24, 7 * 24, 30 * 24];

/** @param always whether there is a choice of all the time that there is */
export const SinceField = ({ always = true, chosen, ...select }) => html`
  <${Choice} label=${more.since} name="since" chosen=${chosen} options=${[...(always ? [['', more.always]] : []), ...HOURS.map((hours) => [hours, more.ago(hours)])]} ...${select} />`;

export const sinceOf = (hours, now = Date.now()) => (hours ? new Date(now - Number(hours) * HOUR_MS).toISOString() : undefined);
