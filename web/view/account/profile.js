// Who I am here: the name that others see, what this browser remembers, and the way out.
import { words } from '../../lib/words.js';
import { closeDialog } from '../dialogs.js';
import { html, useWorld } from '../html.js';
import { Complaint, Field, useSubmit } from '../form.js';
import { Avatar } from '../person.js';
import { LanguageChoice } from './language-choice.js';

export function Profile({ session }) {
  const world = useWorld();
  const { me } = world;
  const form = useSubmit(async ({ name }) => {
    const { user } = await world.api.patch('/me', { name: name.trim() });
    world.people.learn([user]);
    closeDialog();
  });
  async function signOut() {
    closeDialog();
    await session.signOut().catch((problem) => world.complain(problem));
  }
  return html`
    <div class="profile"><${Avatar} id=${me.id} name=${me.name} size="large" /><p class="hint">${words.roles[me.role] || me.role}</p></div>
    <form onSubmit=${form.submit}>
      <${Field} label=${words.newName} name="name" required maxlength="40" dir="auto" autocomplete="off" defaultValue=${me.name}
        problem=${form.problem} />
      <${Complaint} problem=${form.problem} />
      <${LanguageChoice} session=${session} />
      <label class="choice">
        <input type="checkbox" checked=${world.prefersSocket} onChange=${(event) => { world.prefersSocket = event.target.checked; }} />
        <span>${words.useSocket}</span>
      </label>
      <div class="dialog-foot">
        <button type="button" class="button" onClick=${signOut}>${words.signOut}</button>
        <button class="button button-main" aria-disabled=${form.busy}>${words.rename}</button>
      </div>
    </form>`;
}
