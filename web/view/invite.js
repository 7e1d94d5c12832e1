// An invitation: says who invites to what, then lets a stranger come in, or a member accept.
import { useEffect, useState } from 'preact/hooks';
import { harmless } from '../lib/text.js';
import { words } from '../lib/words.js';
import { Card, LaterCard } from './card.js';
import { html } from './html.js';
import { Complaint, useSubmit } from './form.js';
import { go } from './location.js';
import { Starting } from './starting.js';
import { Welcome } from './welcome.js';

export function InviteGate({ session, token }) {
  const [invite, setInvite] = useState(null);
  const [problem, setProblem] = useState(null);
  const path = `/invites/${encodeURIComponent(token)}`;
  function ask() {
    setProblem(null);
    session.api.get(path).then((answer) => setInvite(answer.invite), setProblem);
  }
  useEffect(ask, [token]);

  async function accept() {
    await session.api.post(`${path}/accept`);
    await session.world.value.reload();
    enter();
  }

  function enter() {
    const room = invite.rooms[0]?.id;
    go(room ? `#/rooms/${room}` : '#/', { replace: true });
  }

  if (problem?.passes) return html`<${LaterCard} problem=${problem} again=${ask} />`;
  if (problem) return html`<${Over} />`;
  if (!invite) return html`<${Starting} text="" />`;
  const sentence = sentenceFor(invite);
  if (session.world.value) return html`<${Acceptance} sentence=${sentence} accept=${accept} />`;
  return html`<${Welcome} session=${session} invite=${{ token, sentence, accept, enter }} />`;
}

function sentenceFor({ user, rooms }) {
  const names = rooms.map((room) => room.name).filter(Boolean).map(harmless);
  return words.inviteLead(user?.name ? harmless(user.name) : null, names);
}

function Acceptance({ sentence, accept }) {
  const form = useSubmit(accept);
  return html`
    <${Card} title=${sentence}>
      <form onSubmit=${form.submit}>
        <${Complaint} problem=${form.problem} />
        <button class="button button-main">${words.accept}</button>
        <a class="link" href="#/">${words.cancel}</a>
      </form>
    </${Card}>`;
}

const Over = () => html`
  <${Card} title=${words.inviteGone}>
    <a class="button button-main" href="#/">${words.close}</a>
  </${Card}>`;
