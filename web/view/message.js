// One message: who, when, what; what one can do with it appears when it is pointed at or has the focus.
import { useState } from 'preact/hooks';
import { mentions } from '../lib/mention.js';
import { missingOf, summaryOf } from '../lib/summary.js';
import { harmless } from '../lib/text.js';
import { words } from '../lib/words.js';
import { clock } from './clock.js';
import { classes, html, memo, useWorld } from './html.js';
import { EditForm, editing } from './edit-form.js';
import { MessageActions } from './message-actions.js';
import { MessageBody } from './message-body.js';
import { MessageImages } from './message-images.js';
import { Pending } from './pending.js';
import { Avatar, PersonName } from './person.js';
import { Quote } from './quote.js';
import { Reactions } from './reactions.js';

export const Message = memo(({ message, grouped, roomId }) => {
  const [active, setActive] = useState(false);
  const world = useWorld();
  const name = world.people.names.value.get(message.user.id) ?? message.user.name;
  const isEdited = editing.value === message.id && message.id;
  return html`
    <article class=${classes('message', grouped && 'message-grouped', mentions(message, world.me.id) && 'message-mention', message.state && `message-${message.state}`)}
      tabindex="-1" data-id=${message.id} aria-label=${words.said(harmless(name), summaryOf(message))} aria-busy=${message.state === 'sending' ? 'true' : undefined}
      onMouseMove=${() => setActive(true)} onMouseLeave=${(event) => setActive(event.currentTarget.contains(document.activeElement))}
      onFocusIn=${() => setActive(true)} onFocusOut=${(event) => setActive(event.currentTarget.contains(event.relatedTarget) || event.currentTarget.matches(':hover'))}>
      <${Quote} quote=${message.reply_to} roomId=${roomId} />
      <div class="message-side">
        ${grouped ? html`<${Time} at=${message.at} tiny />` : html`<${Avatar} id=${message.user.id} name=${name} />`}
      </div>
      <div class="message-main">
        <header class=${grouped ? 'unseen' : 'message-head'}>
          <strong class="author"><${PersonName} user=${message.user} /></strong>
          ${!grouped && html`<${Time} at=${message.at} />`}
        </header>
        ${isEdited ? html`<${EditForm} message=${message} />` : html`<${Content} message=${message} />`}
        <${Reactions} message=${message} />
        ${message.state && html`<${Pending} entry=${message} />`}
      </div>
      ${active && message.id && !message.deleted && !isEdited && html`<${MessageActions} message=${message} roomId=${roomId} />`}
    </article>`;
});

function Content({ message }) {
  const missing = missingOf(message);
  if (missing) return html`<p class="tombstone">${missing}</p>`;
  return html`
    <div class=${message.edited_at && 'text-edited'}>
      ${message.text && html`<${MessageBody} text=${message.text} mentions=${message.mentions} all=${message.mention_all} />`}
      ${message.edited_at && html`<span class="edited" title=${clock.full(message.edited_at)}> ${words.edited}</span>`}
    </div>
    <${MessageImages} message=${message} />`;
}

const Time = ({ at, tiny }) => html`<time datetime=${at} title=${clock.full(at)}>${tiny ? clock.tinyTime(at) : clock.time(at)}</time>`;

export const DayRow = memo(({ at }) => html`<div class="day-row"><span>${clock.day(at)}</span></div>`);
export const NewRow = () => html`<div class="new-row" role="separator" aria-label=${words.newDivider}><span>${words.newDivider}</span></div>`;
