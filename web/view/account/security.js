// How I come in: the password, and the places where I am signed in.
import { describeAgent } from '../../lib/agent.js';
import { more } from '../../lib/more.js';
import { words } from '../../lib/words.js';
import { clock } from '../clock.js';
import { html, useWorld } from '../html.js';
import { Complaint, Field, useSubmit } from '../form.js';
import { Listing, Row, useAsked } from '../listing.js';
import { Part } from '../sections.js';

export function Security({ session }) {
  const { me, api } = useWorld();
  const list = useAsked(async () => (await api.get('/me/sessions', { limit: 200 })).sessions.reverse());
  const Password = me.has_password ? ChangePassword : FirstPassword;
  return html`
    <${Password} done=${list.reload} registration=${session.hello.value.registration} />
    <${Part} title=${more.sessions}>
      <${Listing} list=${list} label=${more.sessions} draw=${(session) => html`<${SessionRow} key=${session.id} session=${session} ended=${list.reload} />`} />
    </${Part}>`;
}

const NewPassword = ({ problem }) => html`
  <${Field} label=${more.passwordNew} name="password" type="password" required minlength="8" maxlength="200" autocomplete="new-password"
    hint=${words.passwordRule} problem=${problem} />`;

/** Who has just come by a sign-in link does not know the present one, and is not asked. */
function ChangePassword({ done }) {
  const world = useWorld();
  const form = useSubmit(async ({ old, password }) => {
    await world.api.post('/me/password', { old, password });
    world.people.learn([(await world.api.get('/me')).user]);
    world.notify('said', more.changePassword, more.passwordChanged);
    done();
  }, { clears: true });
  return html`
    <${Part} title=${more.changePassword} lead=${more.passwordEnds}>
      <form onSubmit=${form.submit}>
        ${!world.me.may_set_password && html`
          <${Field} label=${more.passwordNow} name="old" type="password" required autocomplete="current-password" problem=${form.problem} />`}
        <${NewPassword} problem=${form.problem} />
        <${Complaint} problem=${form.problem} />
        <div class="dialog-foot"><button class="button button-main" aria-disabled=${form.busy}>${more.changePassword}</button></div>
      </form>
    </${Part}>`;
}

/** What follows the last slash of an invitation's link, or the token alone. */
const tokenOf = (link) => link.trim().split('/').pop();

/** A guest becomes a member by it; who has a rank already, but came by links, only gets the password. */
function FirstPassword({ registration }) {
  const world = useWorld();
  const { me } = world;
  const isGuest = me.role === 'guest';
  const form = useSubmit(async ({ name, password, invite }) => {
    await world.api.post('/me/upgrade', { password, ...(name && name.trim() !== me.name && { name: name.trim() }), ...(invite && { invite: tokenOf(invite) }) });
    world.people.learn([(await world.api.get('/me')).user]);
    world.notify('said', more.security, isGuest ? more.upgraded : more.passwordSet);
  });
  if (isGuest && registration === 'closed') return html`<${Part} title=${more.upgrade} lead=${more.upgradeClosed} />`;
  return html`
    <${Part} title=${isGuest ? more.upgrade : more.setPassword} lead=${isGuest ? more.upgradeLead : more.passwordNone}>
      <form onSubmit=${form.submit}>
        ${isGuest && html`<${Field} label=${words.name} name="name" required maxlength="40" dir="auto" autocomplete="username" defaultValue=${me.name} problem=${form.problem} />`}
        ${isGuest && registration === 'invite' && html`
          <${Field} label=${more.upgradeInvite} name="invite" required maxlength="300" autocomplete="off" hint=${more.upgradeInviteHint} problem=${form.problem} />`}
        <${NewPassword} problem=${form.problem} />
        <${Complaint} problem=${form.problem} />
        <div class="dialog-foot"><button class="button button-main" aria-disabled=${form.busy}>${isGuest ? more.upgrade : more.setPassword}</button></div>
      </form>
    </${Part}>`;
}

function SessionRow({ session, ended }) {
  const world = useWorld();
  const { browser, system } = describeAgent(session.agent);
  const name = more.sessionOf(browser, system);
  async function end() {
    await world.api.delete(`/me/sessions/${session.id}`).then(() => world.notify('said', name, more.sessionEnded), (problem) => world.complain(problem));
    await ended();
  }
  return html`
    <${Row} title=${name} told=${more.sessionTold(clock.brief(session.created_at), clock.brief(session.used_at), session.address)}>
      ${session.current ? html`<span class="badge">${more.thisSession}</span>`
        : html`<button class="button button-small" aria-label=${more.endSession(name)} onClick=${end}>${more.signOutThere}</button>`}
    </${Row}>`;
}
