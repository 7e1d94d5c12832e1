// The frame of what is shown before one is in: the mark, a title, and what to do.
import { sentenceOf, words } from '../lib/words.js';
import { html } from './html.js';
import { Logo } from './logo.js';

export const Card = ({ title, lead, children }) => html`
  <main class="welcome">
    <div class="welcome-card">
      <${Logo} />
      <h1>${title}</h1>
      ${lead && html`<p class="lead">${lead}</p>`}
      ${children}
    </div>
  </main>`;

/** The server did not answer, or not now: that says nothing about the link that was followed. */
export const LaterCard = ({ problem, again }) => html`
  <${Card} title=${sentenceOf(problem)}>
    <button class="button button-main" onClick=${again}>${words.tryAgain}</button>
  </${Card}>`;
