// Notifications of this browser, asked for by a press; and the hours of the day in which no device of mine may disturb me.
import { useState } from 'preact/hooks';
import { words } from '../../lib/words.js';
import { html, useWorld } from '../html.js';

const NIGHT = { from: '22:00', to: '07:00' };

export function NoticeSettings() {
  const { notices } = useWorld();
  const [on, setOn] = useState(notices.on);
  const [sound, setSound] = useState(notices.sound);
  const [permission, setPermission] = useState(notices.permission);

  async function switchTo(wanted) {
    if (wanted) await notices.switchOn();
    else notices.switchOff();
    setOn(notices.on);
    setPermission(notices.permission);
  }

  const trouble = { denied: words.noticesDenied, unavailable: words.noticesUnavailable }[permission];
  return html`
    <fieldset class="choices">
      <legend>${words.notices}</legend>
      <label class="choice">
        <input type="checkbox" checked=${on} disabled=${permission === 'unavailable'} onChange=${(event) => switchTo(event.currentTarget.checked)} />
        <span>${words.noticesOn}<span class=${trouble ? 'complaint' : 'hint'} role="status">${trouble ?? words.noticesHint}</span></span>
      </label>
      ${on && html`
        <label class="choice">
          <input type="checkbox" checked=${sound} onChange=${(event) => { notices.sound = event.currentTarget.checked; setSound(notices.sound); }} />
          <span>${words.noticesSound}</span>
        </label>`}
      <${QuietHours} />
    </fieldset>`;
}

function QuietHours() {
  const world = useWorld();
  const quiet = world.me.settings?.quiet ?? null;
  const set = (hours) => world.setSettings({ quiet: hours }).catch((problem) => world.complain(problem));
  const time = (end, label) => html`
    <label>${label} <input class="input input-time" type="time" required value=${quiet[end]}
      onChange=${({ currentTarget: { value } }) => { if (value) set({ ...quiet, [end]: value }); }} /></label>`;
  return html`
    <label class="choice">
      <input type="checkbox" checked=${Boolean(quiet)} onChange=${(event) => set(event.currentTarget.checked ? NIGHT : null)} />
      <span>${words.quietHours}</span>
    </label>
    ${quiet && html`<p class="times">${time('from', words.quietFrom)} ${time('to', words.quietTo)}</p>`}`;
}
