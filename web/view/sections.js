// A dialog with sections: their names at its side, or above on a narrow screen; each is loaded when it is first looked at.
import { useId, useRef, useState } from 'preact/hooks';
import { Dialog } from './dialogs.js';
import { html } from './html.js';
import { stylesheet } from './stylesheet.js';

await stylesheet('/style/sections.css');

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/**
 * @param sections [{key, title, Section}]
 * @param first    key of the one to begin with
 * @param always   what all of them are about; else it is what show(key, about) says
 */
export function Sections({ title, sections, first = sections[0].key, always = null, session }) {
  const id = useId();
  const [shown, setShown] = useState({ key: first, about: always });
  const list = useRef(null);
  const { Section } = sections.find(({ key }) => key === shown.key);
  const show = (key, about = always) => setShown({ key, about });

  function onKeyDown(event) {
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    const here = sections.findIndex(({ key }) => key === shown.key);
    const next = (here + STEPS[event.key] + sections.length) % sections.length;
    show(sections[next].key);
    list.current.children[next].focus();
  }

  return html`
    <${Dialog} title=${title} wide>
      <div class="sections">
        <div class="sections-list" role="tablist" aria-label=${title} ref=${list} onKeyDown=${onKeyDown}>
          ${sections.map((each) => html`
            <button type="button" key=${each.key} id=${`${id}-${each.key}`} class="sections-name" role="tab" aria-selected=${each.key === shown.key}
              aria-controls=${`${id}-panel`} tabindex=${each.key === shown.key ? 0 : -1} onClick=${() => show(each.key)}>${each.title}</button>`)}
        </div>
        <div class="sections-shown" role="tabpanel" id=${`${id}-panel`} aria-labelledby=${`${id}-${shown.key}`}>
          <${Section} key=${shown.key} about=${shown.about} session=${session} show=${show} />
        </div>
      </div>
    </${Dialog}>`;
}

/** A part of a section, under a title of its own. */
export function Part({ title, lead, children }) {
  const id = useId();
  return html`
    <section class="part" aria-labelledby=${id}>
      <h3 id=${id}>${title}</h3>
      ${lead && html`<p class="hint">${lead}</p>`}
      ${children}
    </section>`;
}
