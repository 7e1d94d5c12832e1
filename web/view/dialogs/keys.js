// All keys, and the commands that begin with a slash.
import { commandsFor } from '../../lib/commands.js';
import { more } from '../../lib/more.js';
import { words } from '../../lib/words.js';
import { Dialog } from '../dialogs.js';
import { html, useWorld } from '../html.js';

const KEYS = [
  ['switcher', 'ctrl', 'K'], ['rooms', 'alt', '↑', '↓'], ['unread', 'alt', 'shift', '↑', '↓'], ['read', 'esc'], ['edit', '↑'], ['messages', '↑', '↓'],
  ['complete', '@', ':', '/'], ['send', 'enter'], ['break', 'shift', 'enter'], ['images', '←', '→'], ['keys', '?'],
];

export function Keys() {
  const { me, rooms } = useWorld();
  const room = rooms.of(rooms.open.value);
  return html`
    <${Dialog} title=${more.keys} wide>
      <dl class="keys">
        ${KEYS.map(([does, ...keys]) => html`
          <div key=${does}><dt>${keys.map((key) => html`<kbd>${more.keyNames[key] ?? key}</kbd>`)}</dt><dd>${more.keysDo[does]}</dd></div>`)}
      </dl>
      ${room?.my && html`
        <h3>${words.commands}</h3>
        <dl class="keys">
          ${commandsFor(room, me).map((name) => html`<div key=${name}><dt><code>${more.commandUse[name]}</code></dt><dd>${words.commandHints[name]}</dd></div>`)}
        </dl>
        <p class="hint">${more.commandEscape}</p>`}
    </${Dialog}>`;
}
