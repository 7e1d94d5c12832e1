// A rule for eslint: what a person reads or hears comes from lib/words/, in the reader's language. Reported is a text with letters
// that stands in an html`…` template as text or in an attribute that is shown or spoken, or that is set on an element by its property.

const SPOKEN = ['alt', 'aria-description', 'aria-label', 'aria-placeholder', 'aria-roledescription', 'aria-valuetext', 'label', 'lead', 'placeholder', 'title'];
const SET = ['alt', 'ariaLabel', 'innerText', 'placeholder', 'textContent', 'title'];
const HOLE = '\u0000'; // stands for an expression
const LETTER = /\p{L}{2}/u;
const TAG = /<(?:"[^"]*"|'[^']*'|[^>"'])*>/g;
const ATTRIBUTE = new RegExp(`\\s(${SPOKEN.join('|')})=("[^"]*"|'[^']*'|${HOLE})`, 'g');
const CODE = /<(code|kbd|pre)\b[^]*?<\/\1>/g; // what is typed is the same in every language

export const wordsRule = {
  meta: { type: 'problem', messages: { word: '“{{text}}” is not in lib/words/.' } },
  create(context) {
    const report = (node, text) => context.report({ node, messageId: 'word', data: { text: text.trim().slice(0, 60) } });
    const look = (node, text) => { if (LETTER.test(text)) report(node, text); };
    return {
      TaggedTemplateExpression(node) {
        if (node.tag.name !== 'html') return;
        const { texts, shown } = readTemplate(node.quasi);
        for (const text of texts) look(node, text);
        for (const expression of shown) for (const [part, text] of textsOf(expression)) look(part, text);
      },
      AssignmentExpression({ left, right }) {
        if (left.type === 'MemberExpression' && SET.includes(left.property.name)) for (const [part, text] of textsOf(right)) look(part, text);
      },
      CallExpression({ callee, arguments: [name, value] }) {
        if (callee.property?.name === 'setAttribute' && SPOKEN.includes(name?.value)) for (const [part, text] of textsOf(value)) look(part, text);
      },
    };
  },
};

/** What a template says itself, and the expressions in the places where something is said. */
function readTemplate({ quasis, expressions }) {
  const whole = quasis.map(({ value }) => value.cooked).join(HOLE).replace(CODE, (code) => code.replaceAll(/[^\u0000]/g, ' '));
  const spoken = [...whole.matchAll(ATTRIBUTE)];
  const outside = whole.replace(TAG, (tag) => `<${tag.replaceAll(/[^\u0000]/g, '')}>`);
  const texts = [...spoken.map(([, , value]) => value), ...outside.replaceAll(/<\u0000*>/g, '\n').split(/[\n\u0000]+/)];
  const places = [...whole].flatMap((letter, at) => (letter === HOLE ? [at] : []));
  const inAttribute = new Set(spoken.flatMap(({ index, 0: all }) => places.filter((at) => at >= index && at < index + all.length)));
  const inTag = new Set([...whole.matchAll(TAG)].flatMap(({ index, 0: all }) => places.filter((at) => at >= index && at < index + all.length)));
  return { texts, shown: expressions.filter((_, number) => inAttribute.has(places[number]) || !inTag.has(places[number])) };
}

/** The literal texts that an expression may come to. */
function textsOf(node) {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? [[node, node.value]] : [];
  if (node?.type === 'TemplateLiteral') return node.quasis.map(({ value }) => [node, value.cooked]);
  if (node?.type === 'ConditionalExpression') return [...textsOf(node.consequent), ...textsOf(node.alternate)];
  if (node?.type === 'LogicalExpression') return [...textsOf(node.left), ...textsOf(node.right)];
  if (node?.type === 'BinaryExpression' && node.operator === '+') return [...textsOf(node.left), ...textsOf(node.right)];
  return [];
}
