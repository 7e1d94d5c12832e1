// Which language the page speaks: the one that was chosen in this browser, else the first of the browser's own that there is.

const KEY = 'parley.browser.language';
const LOADERS = {
  en: async () => (await import('./words/en.js')).en,
  de: async () => (await import('./words/de.js')).de,
};

export const LANGUAGES = Object.keys(LOADERS);

/** @param wanted language tags, the dearest first */
export function languageFor(chosen, wanted) {
  return [chosen, ...wanted].map((tag) => String(tag).split('-')[0].toLowerCase()).find((language) => Object.hasOwn(LOADERS, language)) ?? 'en';
}

/** The language that the browser asks for. */
export const languageOfBrowser = () => languageFor(null, globalThis.navigator?.languages ?? []);

/** Only the one language is loaded: → promise of its words. */
export const loadWords = () => LOADERS[languageFor(chosenLanguage(), [languageOfBrowser()])]();

function chosenLanguage() {
  try {
    return JSON.parse(globalThis.localStorage.getItem(KEY));
  } catch {
    return null; // forbidden, or not ours
  }
}
