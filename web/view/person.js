// How a person is drawn: initials on a hue of their own, a name that cannot disguise itself, a dot for presence.
import { harmless, hueOf, initialsOf } from '../lib/text.js';
import { words } from '../lib/words.js';
import { html, memo, useWorld } from './html.js';

export const Avatar = memo(({ id, name, size = 'medium' }) => html`
  <span class=${`avatar avatar-${size}`} style=${{ '--hue': hueOf(id) }} aria-hidden="true">${initialsOf(name)}</span>`);

/** The name that a person has now; it may have changed since the message was written. */
export function PersonName({ user }) {
  const name = useWorld().people.names.value.get(user.id) ?? user.name ?? words.removedPerson;
  return html`<bdi class="person-name">${harmless(name)}</bdi>`;
}

export function PresenceDot({ id }) {
  const presence = useWorld().people.presenceOf(id);
  return html`<span class=${`dot dot-${presence}`} aria-hidden="true"></span>`;
}
