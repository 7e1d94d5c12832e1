// The raid switch: shuts the door for some hours, says what that means and how long it still is, and ends by itself.
import { useEffect, useState } from 'preact/hooks';
import { untilOf } from '../../lib/hours.js';
import { more } from '../../lib/more.js';
import { clock } from '../clock.js';
import { html, useWorld } from '../html.js';
import { Complaint, useSubmit } from '../form.js';
import { useAsked } from '../listing.js';
import { useNews } from '../news.js';
import { Part } from '../sections.js';
import { UntilField } from '../until-field.js';

const HOURS = [1, 2, 6, 12, 24];
const TICK_MS = 1_000;
const MINUTE_MS = 60_000;

export function Raid() {
  const { api } = useWorld();
  const raid = useAsked(async () => (await api.get('/raid')).raid);
  useNews(['settings.changed'], raid.reload);
  const { until } = raid.value ?? {};
  return html`
    <${Part} title=${more.raid} lead=${more.raidDoes}>
      <${Complaint} problem=${raid.problem} />
      ${raid.value && (until ? html`<${On} until=${until} ended=${raid.reload} />` : html`<${Off} begun=${raid.reload} />`)}
    </${Part}>`;
}

function Off({ begun }) {
  const { api } = useWorld();
  const form = useSubmit(async ({ hours }) => {
    await api.put('/raid', { until: untilOf(hours) });
    await begun();
  });
  return html`
    <p role="status">${more.raidOff}</p>
    <form onSubmit=${form.submit}>
      <${UntilField} hours=${HOURS} chosen=${2} />
      <${Complaint} problem=${form.problem} />
      <div class="dialog-foot"><button class="button button-danger" aria-disabled=${form.busy}>${more.raidShut}</button></div>
    </form>`;
}

function On({ until, ended }) {
  const { api } = useWorld();
  const [now, setNow] = useState(Date.now());
  const rest = Date.parse(until) - now;
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => { if (rest <= 0) ended(); }, [rest <= 0]);
  const form = useSubmit(async () => {
    await api.put('/raid', { until: null });
    await ended();
  });
  return html`
    <p role="status">${more.raidOn(clock.brief(until))}</p>
    <p role="timer">${more.raidRest(Math.ceil(Math.max(0, rest) / MINUTE_MS))}</p>
    <form onSubmit=${form.submit}>
      <${Complaint} problem=${form.problem} />
      <div class="dialog-foot"><button class="button button-main" aria-disabled=${form.busy}>${more.raidOpen}</button></div>
    </form>`;
}
