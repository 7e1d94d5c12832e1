// Markdown of messages. What comes out here is sanitised once more by DOMPurify before it is shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POLICY, htmlOf, isPlain } from '../../web/lib/markdown.js';

const html = (text, names) => htmlOf(text, names).trim();

test('emphasis, code, lists and links', () => {
  assert.equal(html('**a** _b_ ~~c~~ `d`'), '<p dir="auto"><strong>a</strong> <em>b</em> <del>c</del> <code>d</code></p>');
  assert.match(html('- a\n- b'), /<ul>\s*<li>a<\/li>\s*<li>b<\/li>\s*<\/ul>/);
  assert.equal(html('see https://example.org/a?b=1&c=2'), '<p dir="auto">see <a href="https://example.org/a?b=1&#38;c=2">https://example.org/a?b=1&amp;c=2</a></p>');
});

test('a line break stays one', () => assert.equal(html('a\nb'), '<p dir="auto">a<br>b</p>'));

test('HTML is shown as it was typed', () => {
  for (const attack of ['<img src=x onerror=alert(1)>', '<script>alert(1)</script>', '<b>x</b>', '<svg/onload=alert(1)>']) {
    assert.doesNotMatch(html(attack), /<(img|script|b|svg)/, attack);
  }
});

test('links lead to http, https and mailto only', () => {
  for (const href of ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', ' javascript:x']) {
    assert.doesNotMatch(html(`[x](${href})`), /<a /, href);
    assert.doesNotMatch(html(`[x](<${href}>)`), /<a /, href);
  }
  assert.match(html('[x](mailto:a@b.org)'), /<a href="mailto:a@b.org">/);
});

test('attributes cannot be broken out of', () => {
  assert.doesNotMatch(html('[x](https://a.org/"onmouseover="alert`1`)'), /<a[^>]* onmouseover/);
  assert.doesNotMatch(html('![x" onload="alert(1)](https://a.org/b.png)'), /<(img|a[^>]* onload)/);
});

test('pictures from elsewhere are links', () => {
  assert.equal(html('![cat](https://a.org/cat.png)'), '<p dir="auto"><a href="https://a.org/cat.png">cat</a></p>');
});

test('headings are no headings of the page', () => assert.equal(html('# Big'), '<p><strong>Big</strong></p>'));

test('mentions are marked by the longest name that fits', () => {
  assert.equal(html('hi @Ana B. and @ana!', ['Ana', 'Ana B.']),
    '<p dir="auto">hi <span class="mention">@Ana B.</span> and <span class="mention">@ana</span>!</p>');
  assert.doesNotMatch(html('hi @bo', ['Ana']), /mention/);
  assert.match(html('@<b>', ['<b>']), /<span class="mention">@&#60;b&#62;<\/span>/);
});

test('plain text is known without parsing', () => {
  for (const plain of ['hello', 'two\nlines', 'a - b', '12.5 is a number', 'مرحبا']) assert.ok(isPlain(plain), plain);
  for (const marked of ['*a*', '- a', '1. a', '> a', 'https://a.org', 'www.a.org', 'a@b.org', '# a', 'a\n---']) assert.ok(!isPlain(marked), marked);
  assert.ok(isPlain('@all', []) && !isPlain('@all', ['all']));
});

test('deep nesting and long runs end in time', () => {
  const before = Date.now();
  for (const text of ['>'.repeat(8000), '*'.repeat(8000), '['.repeat(8000), '`'.repeat(8000), '![['.repeat(2600), '@'.repeat(8000), '- '.repeat(4000)]) htmlOf(text, ['ana']);
  assert.ok(Date.now() - before < 5000, `${Date.now() - before} ms`);
});

test('the policy has no tag or attribute that can load or run something', () => {
  for (const tag of ['img', 'script', 'style', 'iframe', 'svg', 'form', 'input', 'video']) assert.ok(!POLICY.ALLOWED_TAGS.includes(tag));
  for (const name of ['style', 'src', 'id', 'name', 'onclick']) assert.ok(!POLICY.ALLOWED_ATTR.includes(name));
});
