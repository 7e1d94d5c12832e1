// The page runs in the browser, tests and tools in Node; the rules are eslint's recommended ones and few more.
import js from '@eslint/js';
import { wordsRule } from './words-rule.mjs';

const browser = ['AbortController', 'BroadcastChannel', 'Blob', 'CSS', 'ClipboardEvent', 'CustomEvent', 'DataTransfer', 'DragEvent', 'Element', 'Event', 'EventSource', 'EventTarget', 'File', 'FormData',
  'Headers', 'HTMLElement', 'Image', 'IntersectionObserver', 'Intl', 'KeyboardEvent', 'MutationObserver', 'Node', 'Notification', 'PerformanceObserver', 'PointerEvent', 'MouseEvent', 'InputEvent',
  'Range', 'Request', 'ResizeObserver', 'Response', 'SharedWorker', 'TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams', 'WebSocket', 'Worker', 'XMLHttpRequest',
  'addEventListener', 'atob', 'caches', 'btoa', 'cancelAnimationFrame', 'clearInterval', 'clearTimeout', 'confirm', 'console', 'createImageBitmap', 'crypto', 'customElements',
  'devicePixelRatio', 'dispatchEvent', 'document', 'fetch', 'getComputedStyle', 'getSelection', 'history', 'indexedDB', 'innerHeight', 'innerWidth', 'localStorage', 'location',
  'matchMedia', 'navigator', 'performance', 'queueMicrotask', 'removeEventListener', 'requestAnimationFrame', 'requestIdleCallback', 'scrollTo', 'self',
  'sessionStorage', 'setInterval', 'setTimeout', 'structuredClone', 'visualViewport', 'window'];
const node = ['AbortController', 'AbortSignal', 'Buffer', 'Event', 'EventTarget', 'FormData', 'Blob', 'Response', 'TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams',
  'clearInterval', 'clearTimeout', 'console', 'crypto', 'fetch', 'performance', 'process', 'queueMicrotask', 'setImmediate', 'setInterval', 'setTimeout', 'structuredClone'];
const named = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

const rules = {
  ...js.configs.recommended.rules,
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }],
  'no-control-regex': 'off', // what is refused or removed is often just those
  'no-var': 'error',
  'prefer-const': ['error', { destructuring: 'all' }],
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-restricted-properties': ['error',
    { property: 'innerHTML', message: 'Text goes in by textContent; HTML only through lib/markdown.' },
    { property: 'outerHTML', message: 'Text goes in by textContent; HTML only through lib/markdown.' },
    { property: 'insertAdjacentHTML', message: 'Text goes in by textContent; HTML only through lib/markdown.' }],
  'max-lines-per-function': ['error', { max: 100, skipComments: true, skipBlankLines: true }],
};

// A test may look at HTML, and a group of tests is one function as long as its tests.
const testRules = { ...rules, 'no-restricted-properties': 'off', 'max-lines-per-function': 'off' };

export default [
  { ignores: ['web/vendor/**', '**/node_modules/**', 'build/**', 'var/**'] },
  { files: ['web/**/*.js'], languageOptions: { globals: named(browser) }, linterOptions: { reportUnusedDisableDirectives: true }, rules },
  { files: ['web/sw.js'], languageOptions: { sourceType: 'script' } },
  { files: ['web/view/**/*.js'], plugins: { page: { rules: { words: wordsRule } } }, rules: { 'page/words': 'error' } },
  { files: ['deploy/**/*.mjs'], languageOptions: { globals: named(node) }, rules },
  { files: ['tests/**/*.mjs'], languageOptions: { globals: named(node) }, rules: testRules },
  // What a browser test evaluates in the page is written beside what runs in Node.
  { files: ['tests/browser/**/*.mjs', 'tests/web/**/*.mjs', 'tests/bench/measure/90-page.mjs'], languageOptions: { globals: named([...node, ...browser]) }, rules: testRules },
];
