// What forms share: a field with its label and complaint, a submit that cannot run twice, a sentence for what went wrong.
import { useId, useState } from 'preact/hooks';
import { complaintOf, sentenceOf } from '../lib/words.js';
import { html } from './html.js';

/** A label, what it names, and what is to be said of it. */
export function Labelled({ id, label, hint, complaint, children }) {
  const told = complaint || hint;
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      ${children}
      ${told && html`<p id=${`${id}-told`} class=${complaint ? 'complaint' : 'hint'}>${told}</p>`}
    </div>`;
}

/** @param problem of the form: what it says of this field is told beside it */
export function Field({ label, hint, problem, name, complaint = complaintOf(problem, name), ...input }) {
  const id = useId();
  return html`
    <${Labelled} id=${id} label=${label} hint=${hint} complaint=${complaint}>
      <input id=${id} class="input" name=${name} aria-describedby=${(complaint || hint) && `${id}-told`}
        aria-invalid=${complaint ? 'true' : undefined} ...${input} />
    </${Labelled}>`;
}

/**
 * @param clears whether the form is empty again when it is done
 * @returns {submit, busy, problem}: submit runs `action` with the form's values, one at a time; for a form, or for another button of it
 */
export function useSubmit(action, { clears = false } = {}) {
  const [state, setState] = useState({ busy: false, problem: null });
  async function submit(event) {
    event.preventDefault();
    if (state.busy) return;
    const form = event.currentTarget.form ?? event.currentTarget;
    if (!form.reportValidity()) return;
    const values = Object.fromEntries(new FormData(form));
    setState({ busy: true, problem: null });
    try {
      await action(values);
      if (clears) form.reset();
      setState({ busy: false, problem: null });
    } catch (problem) {
      setState({ busy: false, problem });
    }
  }
  return { submit, ...state };
}

export const Complaint = ({ problem }) => problem && html`<p class="complaint" role="alert">${sentenceOf(problem)}</p>`;
