// The settings of the server: a form of what the server says there is. Saved only after it was said what changes, and what that takes.
import { useState } from 'preact/hooks';
import { more } from '../../lib/more.js';
import { changesOf, groupsOf, keepingOf } from '../../lib/settings.js';
import { complaintOf, words } from '../../lib/words.js';
import { ask } from '../dialogs.js';
import { Choice } from '../fields.js';
import { html, useWorld } from '../html.js';
import { Complaint, Field, useSubmit } from '../form.js';
import { useAsked } from '../listing.js';
import { useNews } from '../news.js';
import { Part } from '../sections.js';

export function Settings() {
  const { api } = useWorld();
  const asked = useAsked(() => api.get('/settings'));
  useNews(['settings.changed'], asked.reload);
  return html`
    <${Complaint} problem=${asked.problem} />
    ${asked.value && html`<${SettingsForm} ...${asked.value} saved=${asked.reload} />`}`;
}

/** What another changes meanwhile is shown at once, but for the fields that one has touched. */
function SettingsForm({ settings, schema, saved }) {
  const { api } = useWorld();
  const [touched, setTouched] = useState({});
  const changes = changesOf(schema, settings, touched);
  const keys = Object.keys(changes);
  const touch = ({ target }) => setTouched({ ...touched, [target.name]: target.type === 'checkbox' ? target.checked : target.value });
  const form = useSubmit(async () => {
    if (!keys.length || !await ask(await questionOf(api, settings, schema, changes), more.settingsSave)) return;
    await api.patch('/settings', changes);
    await saved();
    setTouched({});
  });
  const field = (key) => html`<${SettingField} key=${key} name=${key} schema=${schema[key]} value=${touched[key] ?? settings[key]} problem=${form.problem} />`;
  return html`
    <form class="settings" onSubmit=${form.submit} onInput=${touch}>
      ${groupsOf(schema).map(([group, names]) => html`<${Part} key=${group} title=${more.settingsGroups[group]}>${names.map(field)}</${Part}>`)}
      <${Complaint} problem=${form.problem} />
      <div class="dialog-foot settings-foot">
        <span class="hint" role="status">${more.settingsChanged(keys.length)}</span>
        <button type="button" class="button" disabled=${!keys.length} onClick=${() => setTouched({})}>${more.settingsBack}</button>
        <button class="button button-main" disabled=${!keys.length} aria-disabled=${form.busy}>${more.settingsSave}</button>
      </div>
    </form>`;
}

const labelOf = (key, schema) => more.settings[key] ?? schema.description.replace(/^./u, (letter) => letter.toUpperCase());

/** Every change, old and new; and of shorter keeping what it would take away. */
async function questionOf(api, settings, schema, changes) {
  const told = Object.entries(changes).map(([key, value]) => more.settingChange(labelOf(key, schema[key]), shown(settings[key]), shown(value)));
  const keeping = keepingOf(changes);
  if (keeping) told.push(more.settingsTake(await api.get('/settings/retention', keeping)));
  return told.join('\n');
}

function shown(value) {
  if (typeof value === 'boolean') return more.yesNo[value];
  return typeof value === 'number' ? words.count(value) : more.settingValues[value] ?? more.quoted(value);
}

function SettingField({ name, schema, value, problem }) {
  const label = labelOf(name, schema);
  const hint = [name, schema.default !== undefined && more.settingDefault(shown(schema.default))].filter(Boolean).join(' · ');
  if (schema.type === 'boolean') {
    return html`
      <label class="choice">
        <input type="checkbox" name=${name} checked=${value === true} />
        <span><span>${label}</span><span class="hint">${complaintOf(problem, name) ?? hint}</span></span>
      </label>`;
  }
  if (schema.enum) return html`<${Choice} label=${label} name=${name} hint=${hint} chosen=${value} options=${schema.enum.map((each) => [each, more.settingValues[each] ?? each])} />`;
  const bounds = schema.type === 'integer' ? { type: 'number', min: schema.minimum, max: schema.maximum } : { type: 'text', minlength: schema.minLength, maxlength: schema.maxLength, dir: 'auto' };
  return html`<${Field} label=${label} name=${name} hint=${hint} value=${value} required=${schema.type === 'integer'} autocomplete="off" problem=${problem} ...${bounds} />`;
}
