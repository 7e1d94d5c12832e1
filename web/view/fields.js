// More fields for forms: a choice, one of several, a text of several lines, a room, a person by name.
import { useId, useState } from 'preact/hooks';
import { harmless } from '../lib/text.js';
import { complaintOf, words } from '../lib/words.js';
import { Labelled } from './form.js';
import { html, useWorld } from './html.js';
import { useRest } from './rest.js';

/** @param options [[value, title]] */
export function Choice({ label, hint, options, chosen, ...select }) {
  const id = useId();
  return html`
    <${Labelled} id=${id} label=${label} hint=${hint}>
      <select id=${id} class="input" aria-describedby=${hint && `${id}-told`} ...${select}>
        ${options.map(([value, title]) => html`<option key=${value} value=${value} selected=${String(value) === String(chosen ?? '')}>${title}</option>`)}
      </select>
    </${Labelled}>`;
}

/**
 * One of several, all of them seen.
 * @param options [[value, title, what it does]]
 * @param choose  (value) → when one is pressed; without it the form has what is chosen, at first the first
 */
export const Radios = ({ legend, name, options, chosen, choose }) => html`
  <fieldset class="choices">
    <legend>${legend}</legend>
    ${options.map(([value, title, does], index) => html`
      <label key=${value} class="choice">
        <input type="radio" name=${name} value=${value} ...${choose ? { checked: value === chosen, onChange: () => choose(value) } : { defaultChecked: index === 0 }} />
        <span>${does ? html`<strong>${title}</strong><span class="hint">${does}</span>` : title}</span>
      </label>`)}
  </fieldset>`;

export function Lines({ label, hint, problem, name, ...area }) {
  const id = useId();
  const complaint = complaintOf(problem, name);
  return html`
    <${Labelled} id=${id} label=${label} hint=${hint} complaint=${complaint}>
      <textarea id=${id} class="input" name=${name} aria-describedby=${(hint || complaint) && `${id}-told`} aria-invalid=${complaint ? 'true' : undefined} ...${area}></textarea>
    </${Labelled}>`;
}

/** One of my rooms, or what an empty choice means. */
export const RoomChoice = ({ rooms, none, ...choice }) => html`
  <${Choice} options=${[['', none], ...rooms.map((room) => [room.id, harmless(room.name)])]} ...${choice} />`;

/** Names are offered while one writes; whoPerson finds out who it is. */
export function PersonField({ label, ...input }) {
  const { api } = useWorld();
  const id = useId();
  const [names, setNames] = useState([]);
  const look = useRest((text) => { if (text) api.get('/users', { q: text, limit: 8 }).then(({ users }) => setNames(users.map((user) => user.name)), () => {}); });
  return html`
    <${Labelled} id=${id} label=${label}>
      <input id=${id} class="input" list=${`${id}-names`} dir="auto" autocomplete="off" onInput=${(event) => look(event.currentTarget.value.trim())} ...${input} />
      <datalist id=${`${id}-names`}>${names.map((name) => html`<option value=${name}></option>`)}</datalist>
    </${Labelled}>`;
}

/** → the person of exactly this name, null for none given; throws where nobody is called so */
export async function personNamed(api, name) {
  const wanted = name.trim().toLocaleLowerCase();
  if (!wanted) return null;
  const { users } = await api.get('/users', { q: name.trim(), limit: 50 });
  const found = users.find((user) => user.name.toLocaleLowerCase() === wanted);
  if (!found) throw Object.assign(new Error(), { code: 'nobody', title: words.addPeopleEmpty });
  return found;
}
