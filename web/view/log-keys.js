// The log by keyboard: one stop for Tab, arrows go from message to message.

const STEPS = { ArrowUp: -1, ArrowDown: 1 };

export function moveByKeys(event) {
  if (event.target.closest('input, textarea, [role="menu"]') || event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = [...event.currentTarget.querySelectorAll('article')];
  const here = rows.indexOf(event.target.closest('article'));
  const there = whereTo(event.key, here, rows.length);
  if (there === null || !rows[there]) return;
  event.preventDefault();
  rows[there].focus();
}

function whereTo(key, here, count) {
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (!(key in STEPS)) return null;
  return here < 0 ? count - 1 : here + STEPS[key];
}
