// The way in: a name is enough; accounts, invitations and links are one step away.
import { useEffect, useRef, useState } from 'preact/hooks';
import { harmless } from '../lib/text.js';
import { complaintOf, sentenceOf, words } from '../lib/words.js';
import { Card, LaterCard } from './card.js';
import { html } from './html.js';
import { Complaint, Field, useSubmit } from './form.js';
import { go } from './location.js';
import { Starting } from './starting.js';

const LONGEST_NAME = 40;
const NAME_TAKEN = 'name_taken';

export function Welcome({ session, invite }) {
  const { guests, registration, name } = session.hello.value;
  const mayRegister = registration === 'open' || (registration === 'invite' && invite);
  const ways = [guests && 'guest', 'member', mayRegister && 'register'].filter(Boolean);
  const [wanted, setWay] = useState(null);
  const way = ways.includes(wanted) ? wanted : ways[0];
  const Form = FORMS[way];
  return html`
    <${Card} title=${words.welcome(harmless(name))}>
      <${Ended} reason=${session.endedBy.value} />
      ${invite && html`<p class="lead">${invite.sentence}</p>`}
      <${Form} key=${way} session=${session} invite=${invite} />
      <nav class="welcome-ways" aria-label=${words.ways}>
        ${ways.filter((each) => each !== way).map((each) => html`
          <button type="button" class="link" onClick=${() => setWay(each)}>${WAY_WORDS[each]}</button>`)}
      </nav>
    </${Card}>`;
}

const WAY_WORDS = { guest: words.asGuest, member: words.haveAccount, register: words.noAccount };
const FORMS = { guest: GuestForm, member: MemberForm, register: RegisterForm };

const Ended = ({ reason }) => reason
  && html`<p class="notice">${words.sessionEnded[reason] ?? words.sessionEnded.other}</p>`;

function GuestForm({ session, invite }) {
  const form = useSubmit(async ({ name }) => { await session.comeAsGuest(name.trim()); await invite?.accept(); });
  return html`
    <form onSubmit=${form.submit}>
      ${!invite && html`<p class="lead">${words.guestLead}</p>`}
      <${NameField} problem=${form.problem} autocomplete="nickname" />
      <${Rest} problem=${form.problem} />
      <button class="button button-main" aria-disabled=${form.busy}>${words.join}</button>
    </form>`;
}

function MemberForm({ session, invite }) {
  const form = useSubmit(async ({ name, password }) => { await session.signIn(name.trim(), password); await invite?.accept(); });
  return html`
    <form onSubmit=${form.submit}>
      <p class="lead">${words.memberLead}</p>
      <${NameField} problem=${form.problem} autocomplete="username" />
      <${Field} label=${words.password} name="password" type="password" required autocomplete="current-password" />
      <${Complaint} problem=${form.problem} />
      <button class="button button-main" aria-disabled=${form.busy}>${words.signIn}</button>
    </form>`;
}

function RegisterForm({ session, invite }) {
  const form = useSubmit(async ({ name, password }) => {
    await session.register(name.trim(), password, invite?.token); // which accepts it: its last use is gone by now
    invite?.enter();
  });
  return html`
    <form onSubmit=${form.submit}>
      <p class="lead">${words.registerLead}</p>
      <${NameField} problem=${form.problem} autocomplete="username" />
      <${Field} label=${words.password} name="password" type="password" required minlength="8"
        autocomplete="new-password" hint=${words.passwordRule} problem=${form.problem} />
      <${Rest} problem=${form.problem} />
      <button class="button button-main" aria-disabled=${form.busy}>${words.register}</button>
    </form>`;
}

function NameField({ problem, autocomplete }) {
  const box = useRef(null);
  useEffect(() => box.current.querySelector('input').focus(), []);
  return html`<div ref=${box}><${Field} label=${words.name} name="name" required maxlength=${LONGEST_NAME} dir="auto"
    autocapitalize="none" spellcheck="false" autocomplete=${autocomplete} complaint=${nameComplaint(problem)} /></div>`;
}

const nameComplaint = (problem) => complaintOf(problem, 'name') ?? (problem?.code === NAME_TAKEN ? sentenceOf(problem) : undefined);
/** What is said beside the name is not said again below. */
const Rest = ({ problem }) => (nameComplaint(problem) ? null : html`<${Complaint} problem=${problem} />`);

/** A one-time sign-in link: used at once, because following it is the wish. */
export function LinkWelcome({ session, token }) {
  const [problem, setProblem] = useState(null);
  function use() {
    setProblem(null);
    session.useLink(token).then(() => go('#/', { replace: true }), setProblem);
  }
  useEffect(use, [token]);
  if (!problem) return html`<${Starting} text=${words.linkWorking} />`;
  if (problem.passes) return html`<${LaterCard} problem=${problem} again=${use} />`;
  return html`
    <${Card} title=${words.linkGone} lead=${words.linkGoneNext}>
      <a class="button button-main" href="#/">${words.signIn}</a>
    </${Card}>`;
}
