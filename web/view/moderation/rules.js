// Word and link rules: listed, switched off at once, tried before they are switched on, taken away.
import { useState } from 'preact/hooks';
import { harmless } from '../../lib/text.js';
import { more } from '../../lib/more.js';
import { administers, mayChangeRule } from '../../lib/rights.js';
import { words } from '../../lib/words.js';
import { ask } from '../dialogs.js';
import { html, useWorld } from '../html.js';
import { Listing, Row, useAsked } from '../listing.js';
import { useNews } from '../news.js';
import { Part } from '../sections.js';
import { roomNamed } from './rooms-choice.js';
import { RuleForm } from './rule-form.js';

/** @param show (section, about): goes to another section */
export function Rules({ show }) {
  const { api } = useWorld();
  const [edited, setEdited] = useState(null);
  const list = useAsked(async () => (await api.get('/rules', { limit: 200 })).rules);
  useNews(['rule.changed'], list.reload);
  if (edited) return html`<${RuleForm} key=${edited.id} rule=${edited} done=${() => { setEdited(null); list.reload(); }} />`;
  return html`
    <${Part} title=${more.rules} lead=${more.rulesLead}>
      <div><button class="button button-main" onClick=${() => setEdited({})}>${more.ruleMake}</button></div>
      <${Listing} list=${list} label=${more.rules} empty=${more.rulesEmpty}
        draw=${(rule) => html`<${RuleRow} key=${rule.id} rule=${rule} edit=${() => setEdited(rule)} changed=${list.reload} show=${show} />`} />
    </${Part}>`;
}

export const nameOf = (rule) => harmless(rule.name || rule.pattern.split('\n')[0]);

function RuleRow({ rule, edit, changed, show }) {
  const world = useWorld();
  const name = nameOf(rule);
  const call = (method, ...args) => world.api[method](`/rules/${rule.id}`, ...args).then(changed, (problem) => world.complain(problem));
  const takeAway = async () => { if (await ask(more.ruleTakeAsk(name), more.ruleTake)) await call('delete'); };
  return html`
    <${Row} title=${name} told=${toldOf(rule, world.rooms)}>
      ${mayChangeRule(world.me, rule, rule.by && world.people.known(rule.by)) && html`
        ${rule.enabled
          ? html`<button class="button button-small" aria-label=${more.named(more.switchOff, name)} onClick=${() => call('patch', { enabled: false })}>${more.switchOff}</button>`
          : html`<span class="badge">${rule.slow_at ? more.ruleSlow : more.off}</span>`}
        <button class="button button-small" aria-label=${more.named(words.edit, name)} onClick=${edit}>${words.edit}</button>
        <button class="button button-small" aria-label=${more.named(more.ruleTake, name)} onClick=${takeAway}>${more.ruleTake}</button>`}
      ${administers(world.me) && html`
        <button class="button button-small" aria-label=${more.named(more.ruleUndo, name)} onClick=${() => show('undo', { rule: rule.id, name })}>${more.ruleUndo}</button>`}
    </${Row}>`;
}

function toldOf({ kind, action, minutes, exempt, rooms: ids }, rooms) {
  return [more.ruleKinds[kind], more.ruleActions[action](minutes), more.ruleNotFor(more.ruleExempt[exempt]), ids ? words.inRoom(ids.map((id) => roomNamed(rooms, id)).join(', ')) : more.everywhere].join(' · ');
}
