// Notifications of this browser, asked for by a press; and the hours of the day in which no device of mine may disturb me.
import { useState } from 'preact/hooks';
import { more } from '../../lib/more.js';
import { noticesOf } from '../desk.js';
import { Field } from '../form.js';
import { html, useWorld } from '../html.js';
import { Part } from '../sections.js';

const NIGHT = { from: '22:00', to: '07:00' };

export const Notices = () => html`
  <${Part} title=${more.notices} lead=${more.noticesHint}><${Switches} /></${Part}>
  <${Part} title=${more.quiet} lead=${more.quietHint}><${QuietHours} /></${Part}>`;

function Switches() {
  const notices = noticesOf(useWorld());
  const [on, setOn] = useState(notices.on);
  const [sound, setSound] = useState(notices.sound);
  const [permission, setPermission] = useState(notices.permission);

  async function switchTo(wanted) {
    if (wanted) await notices.switchOn();
    else notices.switchOff();
    setOn(notices.on);
    setPermission(notices.permission);
  }

  function soundTo(wanted) {
    notices.sound = wanted;
    setSound(wanted);
  }

  const trouble = { denied: more.noticesDenied, unavailable: more.noticesUnavailable }[permission];
  return html`
    <${Choice} label=${more.noticesOn} checked=${on} disabled=${permission === 'unavailable'} choose=${switchTo} />
    ${trouble && html`<p class="complaint" role="alert">${trouble}</p>`}
    <${Choice} label=${more.noticesSound} checked=${sound} disabled=${!on} choose=${soundTo} />`;
}

function QuietHours() {
  const world = useWorld();
  const quiet = world.me.settings?.quiet ?? null;
  const set = (hours) => world.setSettings({ quiet: hours }).catch((problem) => world.complain(problem));
  return html`
    <${Choice} label=${more.quietOn} checked=${Boolean(quiet)} choose=${(on) => set(on ? NIGHT : null)} />
    ${quiet && html`
      <div class="field-row">
        <${Time} label=${more.quietFrom} value=${quiet.from} choose=${(from) => set({ ...quiet, from })} />
        <${Time} label=${more.quietTo} value=${quiet.to} choose=${(to) => set({ ...quiet, to })} />
      </div>`}`;
}

const Choice = ({ label, choose, ...input }) => html`
  <label class="choice"><input type="checkbox" onChange=${(event) => choose(event.currentTarget.checked)} ...${input} /><span>${label}</span></label>`;

/** A time that is not whole yet changes nothing. */
const Time = ({ label, value, choose }) => html`
  <${Field} label=${label} type="time" required value=${value} onChange=${({ currentTarget }) => { if (currentTarget.value) choose(currentTarget.value); }} />`;
