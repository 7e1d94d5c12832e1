// The text of a message. Plain text goes into the document as text; Markdown as a sanitised fragment, never as HTML.
import { useLayoutEffect, useRef } from 'preact/hooks';
import 'dompurify';
import { EVERYBODY } from '../lib/mention.js';
import { POLICY, htmlOf, isPlain } from '../lib/markdown.js';
import { html, memo, useWorld } from './html.js';

const { DOMPurify } = globalThis; // its small build is no module: it leaves itself there

DOMPurify.setConfig(POLICY); // once: it would read it again for each message
DOMPurify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName !== 'A' || !node.hasAttribute('href')) return;
  if (node.origin === location.origin && node.hash) return;
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noopener noreferrer');
});

export const MessageBody = memo(({ text, mentions, all }) => {
  const { people } = useWorld();
  const names = [...(mentions ?? []).map((id) => people.names.value.get(id)).filter(Boolean), ...(all ? [EVERYBODY] : [])];
  if (isPlain(text, names)) return html`<p class="text text-plain" dir="auto">${text}</p>`;
  return html`<${Rich} text=${text} names=${names.join('\n')} />`;
});

const Rich = memo(({ text, names }) => {
  const place = useRef(null);
  useLayoutEffect(() => {
    place.current.replaceChildren(DOMPurify.sanitize(htmlOf(text, names.split('\n'))));
  }, [text, names]);
  return html`<div class="text" dir="auto" ref=${place}></div>`;
});
