// A list that is asked for when it is shown: its rows, or that there are none, or what went wrong.
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from './html.js';
import { Complaint } from './form.js';

/**
 * @param load  () → promise of what is to be shown; the latest answer counts
 * @param again asked for anew when one of these is another
 */
export function useAsked(load, again = []) {
  const [state, setState] = useState({ value: null, problem: null });
  const latest = useRef(0);
  async function reload() {
    const mine = ++latest.current;
    const take = (answer) => { if (mine === latest.current) setState(answer); };
    await load().then((value) => take({ value, problem: null }), (problem) => take({ value: null, problem }));
  }
  useEffect(() => {
    reload();
    return () => { latest.current += 1; };
  }, again);
  return { ...state, reload };
}

/** @param list of useAsked; @param draw (item) → a Row */
export const Listing = ({ list, label, empty, draw }) => html`
  <${Complaint} problem=${list.problem} />
  ${list.value && (list.value.length ? html`<ul class="listing" aria-label=${label}>${list.value.map(draw)}</ul>` : html`<p class="hint">${empty}</p>`)}`;

/** @param title what it is; @param told what is to be known of it; the children are what one may do with it */
export const Row = ({ title, told, before, children }) => html`
  <li class="listing-row">
    ${before}
    <div class="listing-text"><bdi class="listing-title">${title}</bdi><span class="hint">${told}</span></div>
    ${children}
  </li>`;
