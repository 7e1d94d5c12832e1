// Whom I block, and taking it back.
import { harmless } from '../../lib/text.js';
import { more } from '../../lib/more.js';
import { clock } from '../clock.js';
import { html, useWorld } from '../html.js';
import { Listing, Row, useAsked } from '../listing.js';
import { Avatar } from '../person.js';
import { Part } from '../sections.js';

export function Blocks() {
  const world = useWorld();
  const { moderation } = world;
  const { problem } = useAsked(() => moderation.loadBlocks());
  const blocked = moderation.blocked.value;
  const list = { value: blocked && [...blocked.values()], problem };
  const unblock = (user) => moderation.block(user.id, false).catch((refusal) => world.complain(refusal));
  const draw = ({ user, at }) => html`
    <${Row} key=${user.id} title=${harmless(user.name)} told=${more.blockedSince(clock.brief(at))} before=${html`<${Avatar} id=${user.id} name=${user.name} size="small" />`}>
      <button class="button button-small" aria-label=${more.unblockName(harmless(user.name))} onClick=${() => unblock(user)}>${more.unblock}</button>
    </${Row}>`;
  return html`
    <${Part} title=${more.blocks} lead=${more.blocksLead}>
      <${Listing} list=${list} label=${more.blocks} empty=${more.blocksEmpty} draw=${draw} />
    </${Part}>`;
}
