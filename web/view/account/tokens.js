// What acts for me: tokens of my own, and bots below me. A secret is shown once, with a button that copies it.
import { useState } from 'preact/hooks';
import { harmless } from '../../lib/text.js';
import { more } from '../../lib/more.js';
import { clock } from '../clock.js';
import { CopyField } from '../copy-field.js';
import { ask } from '../dialogs.js';
import { html, useWorld } from '../html.js';
import { Complaint, Field, useSubmit } from '../form.js';
import { Listing, Row, useAsked } from '../listing.js';
import { Avatar } from '../person.js';
import { Part } from '../sections.js';

export function Tokens() {
  const { me } = useWorld();
  return html`
    <${OwnTokens} />
    ${me.role !== 'guest' && html`<${OwnBots} />`}`;
}

function OwnTokens() {
  const world = useWorld();
  const [made, setMade] = useState(null);
  const list = useAsked(async () => (await world.api.get('/me/tokens', { limit: 200 })).tokens.reverse());
  async function make({ label }) {
    const { token } = await world.api.post('/me/tokens', { label: label.trim() });
    setMade({ token, title: more.tokenMade(harmless(label.trim())) });
    await list.reload();
  }
  async function revoke({ id, label }) {
    if (!await ask(more.revokeAsk(harmless(label)), more.revoke)) return;
    await world.api.delete(`/me/tokens/${id}`).catch((problem) => world.complain(problem));
    setMade(null);
    await list.reload();
  }
  const draw = (token) => html`
    <${Row} key=${token.id} title=${harmless(token.label)} told=${more.tokenTold(clock.brief(token.created_at), clock.brief(token.used_at))}>
      <button class="button button-small" aria-label=${more.revokeName(harmless(token.label))} onClick=${() => revoke(token)}>${more.revoke}</button>
    </${Row}>`;
  return html`
    <${Part} title=${more.tokensTitle} lead=${more.tokensLead}>
      <${Maker} label=${more.tokenLabel} name="label" maxlength="80" button=${more.tokenMake} make=${make} />
      <${Made} made=${made} />
      <${Listing} list=${list} label=${more.tokensTitle} empty=${more.tokensEmpty} draw=${draw} />
    </${Part}>`;
}

function OwnBots() {
  const world = useWorld();
  const [made, setMade] = useState(null);
  const list = useAsked(async () => (await world.api.get('/bots', { limit: 200 })).bots.reverse());
  async function make({ name }) {
    const { user, token } = await world.api.post('/bots', { name: name.trim() });
    setMade({ token, title: more.botMade(harmless(user.name)) });
    await list.reload();
  }
  async function end({ id, name }) {
    if (!await ask(more.botEndAsk(harmless(name)), more.botEndName(harmless(name)))) return;
    await world.api.delete(`/bots/${id}`).catch((problem) => world.complain(problem));
    setMade(null);
    await list.reload();
  }
  const draw = ({ user, used_at: usedAt }) => html`
    <${Row} key=${user.id} title=${harmless(user.name)} told=${more.botTold(usedAt && clock.brief(usedAt))}
      before=${html`<${Avatar} id=${user.id} name=${user.name} size="small" />`}>
      <button class="button button-small" aria-label=${more.botEndName(harmless(user.name))} onClick=${() => end(user)}>${more.botEnd}</button>
    </${Row}>`;
  return html`
    <${Part} title=${more.bots} lead=${more.botsLead}>
      <${Maker} label=${more.botName} name="name" maxlength="40" button=${more.botMake} make=${make} />
      <${Made} made=${made} />
      <${Listing} list=${list} label=${more.bots} empty=${more.botsEmpty} draw=${draw} />
    </${Part}>`;
}

/** One field and its button. */
function Maker({ label, name, maxlength, button, make }) {
  const form = useSubmit(make, { clears: true });
  return html`
    <form onSubmit=${form.submit}>
      <div class="field-row">
        <${Field} label=${label} name=${name} required maxlength=${maxlength} dir="auto" autocomplete="off" problem=${form.problem} />
        <button class="button button-main" aria-disabled=${form.busy}>${button}</button>
      </div>
      <${Complaint} problem=${form.problem} />
    </form>`;
}

const Made = ({ made }) => made && html`<${CopyField} key=${made.token} label=${made.title} value=${made.token} hint=${more.shownOnce} />`;
