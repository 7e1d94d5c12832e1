// Who is muted or banned: until when, by whom and why, and lifting it.
import { harmless } from '../../lib/text.js';
import { more } from '../../lib/more.js';
import { hasEnd } from '../../lib/time.js';
import { clock } from '../clock.js';
import { html } from '../html.js';
import { Listing, Row } from '../listing.js';
import { Avatar } from '../person.js';

/** @param list of useAsked; @param lift (sanction); @param mayLift (sanction) → whether it is offered */
export function Sanctions({ list, label, empty, mayLift, lift }) {
  const draw = (sanction) => {
    const { user, kind } = sanction;
    const name = harmless(user.name);
    return html`
      <${Row} key=${`${kind} ${user.id}`} title=${name} told=${toldOf(sanction)} before=${html`<${Avatar} id=${user.id} name=${user.name} size="small" />`}>
        ${mayLift(sanction) && html`<button class="button button-small" aria-label=${more.named(more.lift, name)} onClick=${() => lift(sanction)}>${more.lift}</button>`}
      </${Row}>`;
  };
  return html`<${Listing} list=${list} label=${label} empty=${empty} draw=${draw} />`;
}

const toldOf = ({ kind, until, by, reason }) => [more.sanctionKinds[kind], hasEnd(until) ? more.until(clock.brief(until)) : more.untilLifted, by && more.byWhom(harmless(by.name)), harmless(reason)]
  .filter(Boolean).join(' · ');
