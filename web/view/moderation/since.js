// Since when: a choice of hours back from now.
import { HOURS } from '../../lib/hours.js';
import { more } from '../../lib/more.js';
import { Choice } from '../fields.js';
import { html } from '../html.js';

/** @param always whether there is a choice of all the time that there is */
export const SinceField = ({ always = true, chosen, ...select }) => html`
  <${Choice} label=${more.since} name="since" chosen=${chosen} options=${[...(always ? [['', more.always]] : []), ...HOURS.map((hours) => [hours, more.ago(hours)])]} ...${select} />`;
