// Where nothing is yet: what this place is, and what to do next.
import { html } from './html.js';

/** @param heading where the page has no other */
export const Empty = ({ title, next, children, small, heading }) => html`
  <div class=${small ? 'empty empty-small' : 'empty'}>
    <${heading ? 'h1' : 'p'} class="empty-title">${title}</${heading ? 'h1' : 'p'}>
    ${next && html`<p class="empty-next">${next}</p>`}
    ${children}
  </div>`;
