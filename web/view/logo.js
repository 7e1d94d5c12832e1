// The mark: two voices that meet.
import { html } from './html.js';

export const Logo = () => html`
  <svg class="logo" viewBox="0 0 48 48" aria-hidden="true">
    <path class="logo-back" d="M19 6h18a6 6 0 0 1 6 6v12a6 6 0 0 1-6 6v7l-8-7H19a6 6 0 0 1-6-6V12a6 6 0 0 1 6-6Z" />
    <path class="logo-front" d="M11 17h15a6 6 0 0 1 6 6v8a6 6 0 0 1-6 6h-7l-8 7v-7a6 6 0 0 1-6-6v-8a6 6 0 0 1 6-6Z" />
  </svg>`;
