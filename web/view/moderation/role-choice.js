// A role in a list: what one may give is offered; what it will mean is said before it is given.
import { more } from '../../lib/more.js';
import { ask } from '../dialogs.js';
import { html } from '../html.js';

/**
 * @param roles  what may be given
 * @param does   role → what it means
 * @param change (role) → promise
 */
export function RoleChoice({ name, role, roles, does, change }) {
  async function choose(event) {
    const select = event.currentTarget;
    const wanted = select.value;
    select.value = role;
    if (await ask(more.roleAsk(name, more.roles[wanted], does[wanted]), more.roleGive(more.roles[wanted]))) await change(wanted);
  }
  const options = roles.includes(role) ? roles : [role, ...roles];
  return html`
    <select class="input input-small" aria-label=${more.roleOf(name)} onChange=${choose}>
      ${options.map((each) => html`<option key=${each} value=${each} selected=${each === role}>${more.roles[each]}</option>`)}
    </select>`;
}
