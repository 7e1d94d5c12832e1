// Where one writes: a draft by room, images, what is being answered, who else is writing.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { commandOf } from '../lib/commands.js';
import { summaryOf } from '../lib/summary.js';
import { harmless } from '../lib/text.js';
import { isMuted, mayWrite } from '../lib/rights.js';
import { hasEnd } from '../lib/time.js';
import { words } from '../lib/words.js';
import { AttachButton, Attachments, filesOf } from './attachments.js';
import { clock } from './clock.js';
import { pickEmoji } from './emoji.js';
import { editLast } from './edit-form.js';
import { classes, html, useWorld } from './html.js';
import { Icon } from './icons.js';
import { missing } from './later.js';
import { route } from './location.js';
import { TypingLine } from './typing-line.js';
import { growWithText, wantsSend } from './typing-keys.js';

const LONGEST_TIMER_MS = 2 ** 31 - 1;
const OF_THE_LIST = ['ArrowDown', 'ArrowUp', 'Escape', 'Enter', 'Tab'];
const SIGNS = /[@:/]/;
const FINE = matchMedia('(pointer: fine)');

export function Composer({ room }) {
  if (!mayWrite(room)) return html`<${ReadOnly} room=${room} />`;
  return html`<${Writer} key=${room.id} room=${room} />`;
}

function Writer({ room }) {
  const world = useWorld();
  const field = useRef(null);
  const draft = world.drafts.of(room.id).value;
  const uploads = world.uploads.of(room.id);
  const { sending } = world;
  const over = sending.over(room.id);
  const sendable = sending.can(room.id);
  const list = useRef(null);
  const running = useRef(false);
  const [CompletionList, loadList] = useCompletionList();
  useEffect(() => { if (FINE.matches && !route.peek().message) field.current.focus({ preventScroll: true }); }, [room.id]);
  useLayoutEffect(() => { growWithText(field.current); }, [draft.text]);

  function write(text) {
    world.drafts.change(room.id, { text });
    if (text.trim()) world.typing.say(room.id);
  }

  async function send(event) {
    event.preventDefault();
    const command = commandOf(draft.text.trim());
    if (command) await run(command);
    else sending.send(room.id);
    world.typing.stopSaying(room.id);
    field.current?.focus(); // a command may have led away
  }

  /** What is loaded with the first command. One at a time: until it is done its line stands there, for a second Enter to send. */
  async function run(command) {
    if (running.current) return;
    running.current = true;
    const loaded = await import('./commands.js').catch(() => missing(world));
    const done = await loaded?.runCommand(world, room, command);
    if (done && world.drafts.of(room.id).value.text === draft.text) world.drafts.clear(room.id);
    running.current = false;
  }

  /** Puts text where the cursor is. */
  function insert(text) {
    const { selectionStart, selectionEnd } = field.current;
    field.current.focus();
    field.current.setRangeText(text, selectionStart, selectionEnd, 'end');
    write(field.current.value);
  }

  function onKeyDown(event) {
    if (list.current?.onKeyDown(event)) return;
    if (wantsSend(event)) send(event);
    if (event.key === 'Escape' && draft.replyTo) {
      event.preventDefault();
      world.drafts.change(room.id, { replyTo: null });
    }
    if (isBare(event, 'ArrowUp') && !field.current.value && editLast(world, room.id)) event.preventDefault();
  }

  function onKeyUp(event) {
    if (OF_THE_LIST.includes(event.key)) return;
    if (SIGNS.test(field.current.value)) loadList();
    list.current?.look();
  }

  function onPaste(event) {
    const files = filesOf(event.clipboardData);
    if (!files.length) return;
    event.preventDefault();
    world.uploads.add(room.id, files);
  }

  return html`
    <div class="composer-place">
      <${TypingLine} roomId=${room.id} />
      <form class="composer" onSubmit=${send} onPaste=${onPaste}>
        <${ReplyLine} room=${room} replyTo=${draft.replyTo} />
        <${Attachments} roomId=${room.id} uploads=${uploads} />
        ${CompletionList && html`<${CompletionList} room=${room} field=${field} handle=${list} />`}
        <div class="composer-row">
          <${AttachButton} roomId=${room.id} />
          <textarea class="composer-text" rows="1" dir="auto" aria-label=${words.message} ref=${field}
            placeholder=${words.messageIn(harmless(world.rooms.nameOf(room)))} value=${draft.text}
            aria-describedby=${over > 0 ? 'too-long' : undefined} aria-invalid=${over > 0 ? 'true' : undefined}
            onInput=${(event) => write(event.currentTarget.value)} onKeyDown=${onKeyDown}
            aria-autocomplete="list" onKeyUp=${onKeyUp} onBlur=${() => list.current?.close()} />
          <${EmojiButton} write=${insert} />
          <button class=${classes('button-icon', 'send', sendable && 'send-ready')} aria-label=${words.send} title=${words.send}
            aria-disabled=${sendable ? undefined : 'true'}><${Icon} name="send" /></button>
        </div>
        ${sending.waiting.value.has(room.id) && html`<p class="hint">${words.sendWaiting}</p>`}
        ${over > 0 && html`<p id="too-long" class="complaint">${words.tooLong(over)}</p>`}
      </form>
    </div>`;
}

/** The list is loaded when there is something to complete: → [component or null, load] */
function useCompletionList() {
  const [list, setList] = useState({ component: null });
  const load = () => { if (!list.component) import('./completion-list.js').then(({ CompletionList: component }) => setList({ component }), () => {}); };
  return [list.component, load];
}

const isBare = (event, key) => event.key === key && !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;

function EmojiButton({ write }) {
  const button = useRef(null);
  return html`
    <button type="button" class="button-icon" aria-label=${words.addEmoji} title=${words.addEmoji} ref=${button}
      onClick=${async () => { const emoji = await pickEmoji(button.current); if (emoji) write(emoji); }}><${Icon} name="smile" /></button>`;
}

function ReplyLine({ room, replyTo }) {
  const world = useWorld();
  if (!replyTo) return null;
  return html`
    <div class="reply-line">
      <${Icon} name="reply" small />
      <span>${words.replyTo(harmless(world.people.nameOf(replyTo.user)))}</span>
      <span class="quote-text" dir="auto">${summaryOf(replyTo)}</span>
      <button type="button" class="button-icon" aria-label=${words.cancelReply}
        onClick=${() => world.drafts.change(room.id, { replyTo: null })}><${Icon} name="close" small /></button>
    </div>`;
}

function ReadOnly({ room }) {
  const world = useWorld();
  const until = room.my?.muted_until;
  useEffect(() => {
    const left = Date.parse(until) - Date.now();
    if (!(left < LONGEST_TIMER_MS)) return undefined;
    const timer = setTimeout(() => world.rooms.change(room.id, { muted_until: null }), left);
    return () => clearTimeout(timer);
  }, [until]);
  const told = isMuted(room) ? words.readOnlyMuted(hasEnd(until) ? clock.full(until) : null) : words.readOnlyArchived;
  return html`<div class="composer-place"><p class="read-only">${told}</p></div>`;
}
