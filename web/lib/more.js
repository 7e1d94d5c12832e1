// The words of what is opened seldom, the sections of the account and of moderation: loaded with the first of them, in the page's language.
import { words } from './words.js';

const LOADERS = {
  en: () => import('./words/more/en.js'),
  de: () => import('./words/more/de.js'),
};

export const { more } = await LOADERS[words.language]();
