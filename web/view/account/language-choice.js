// The language of the page, each named in itself. The page is loaded again in it: what is being written is kept by the browser.
import { LANGUAGES, languageOfBrowser } from '../../lib/language.js';
import { words } from '../../lib/words.js';
import { Labelled } from '../form.js';
import { html, useWorld } from '../html.js';

const nameOf = (language) => new Intl.DisplayNames(language, { type: 'language' }).of(language);

export function LanguageChoice({ session }) {
  const world = useWorld();
  function choose(event) {
    session.language = event.currentTarget.value || null;
    world.notify('languageLater'); // is seen only where images wait, and the page stays
  }
  return html`
    <${Labelled} id="language" label=${words.languageChoice}>
      <select id="language" class="input" onChange=${choose}>
        <option value="" selected=${!session.language}>${words.languageOfBrowser(nameOf(languageOfBrowser()))}</option>
        ${LANGUAGES.map((language) => html`<option value=${language} lang=${language} selected=${language === session.language}>${nameOf(language)}</option>`)}
      </select>
    </${Labelled}>`;
}
