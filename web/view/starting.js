// Before anything is known: the mark, and a word when it takes long.
import { html } from './html.js';
import { Logo } from './logo.js';

export const Starting = ({ text }) => html`
  <main class="starting" aria-busy="true"><${Logo} /><p class="lead">${text}</p></main>`;
