// Where nothing is yet: what this place is, and what to do next.
import { html } from './html.js';

export const Empty = ({ title, next, children, small }) => html`
  <div class=${small ? 'empty empty-small' : 'empty'}>
    <p class="empty-title">${title}</p>
    ${next && html`<p class="empty-next">${next}</p>`}
    ${children}
  </div>`;
