// More fields for forms: a choice, a text of several lines, a room, a person by name.
import { useId, useState } from 'preact/hooks';
import { harmless } from '../lib/text.js';
import { complaintOf, words } from '../lib/words.js';
import { html, useWorld } from './html.js';

const REST_MS = 200;

/** A label, what it names, and what is to be said of it. */
function Labelled({ id, label, hint, complaint, children }) {
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      ${children}
      ${(complaint || hint) && html`<p id=${`${id}-told`} class=${complaint ? 'complaint' : 'hint'}>${complaint || hint}</p>`}
    </div>`;
}

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
  const [timer, setTimer] = useState(null);
  function look(event) {
    const text = event.currentTarget.value.trim();
    clearTimeout(timer);
    setTimer(setTimeout(() => { if (text) api.get('/users', { q: text, limit: 8 }).then(({ users }) => setNames(users.map((user) => user.name)), () => {}); }, REST_MS));
  }
  return html`
    <${Labelled} id=${id} label=${label}>
      <input id=${id} class="input" list=${`${id}-names`} dir="auto" autocomplete="off" onInput=${look} ...${input} />
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
