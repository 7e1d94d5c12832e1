// Markdown of messages → HTML text, and the policy by which the view sanitises it. HTML inside a message
// is shown as it was typed. Pictures from elsewhere become links: nothing is loaded from other sites.
import { Marked } from 'marked';

const MARKUP = /[*_`~[\]<>#|\\!&]|^\s*(?:[-+]|\d+[.)])\s|^\s*(?:-{3,}|={3,})|https?:|www\.|\S@\S/m;
const LINK = /^(?:https?|mailto):/i;

/** What the sanitiser lets through; the view hands it to DOMPurify. */
export const POLICY = Object.freeze({
  ALLOWED_TAGS: ['p', 'br', 'em', 'strong', 'del', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a', 'hr', 'span',
    'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ALLOWED_ATTR: ['href', 'class', 'dir', 'start'],
  ALLOWED_URI_REGEXP: LINK,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
});

/** Without any markup a message is drawn as it is, which is quicker and needs no parser. */
export const isPlain = (text, names = []) => !MARKUP.test(text) && !(names.length && text.includes('@'));

/** @param names of the people that the message mentions, as they are called now */
export function htmlOf(text, names = []) {
  mentioned = [...names].sort((a, b) => b.length - a.length);
  try {
    return parser.parse(text);
  } catch {
    return `<p dir="auto">${escape(text).replaceAll('\n', '<br>')}</p>`; // nested deeper than the parser's stack
  }
}

const escape = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
let mentioned = [];

const mention = {
  name: 'mention',
  level: 'inline',
  start: (text) => { const at = text.indexOf('@'); return at < 0 ? undefined : at; },
  tokenizer(text) {
    if (text[0] !== '@') return undefined;
    const rest = text.slice(1).toLowerCase();
    const name = mentioned.find((each) => rest.startsWith(each.toLowerCase()));
    return name ? { type: 'mention', raw: text.slice(0, name.length + 1) } : undefined;
  },
  renderer: (token) => `<span class="mention">${escape(token.raw)}</span>`,
};

const renderer = {
  html: ({ text }) => escape(text),
  heading({ tokens }) { return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>`; },
  paragraph({ tokens }) { return `<p dir="auto">${this.parser.parseInline(tokens)}</p>`; },
  image: ({ href, text }) => linkTo(href, escape(text || href)),
  link({ href, tokens }) { return linkTo(href, this.parser.parseInline(tokens)); },
  code: ({ text }) => `<pre dir="ltr"><code>${escape(text)}</code></pre>`,
  checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
};

const linkTo = (href, inner) => (LINK.test(href) ? `<a href="${escape(href)}">${inner}</a>` : inner);
const parser = new Marked({ gfm: true, breaks: true, async: false, renderer, extensions: [mention] });
