// What the audit says of an act, taken apart for whoever shows it.

/** All that the audit may name, in the order in which one looks for it. */
export const ACTS = ['remove_message', 'mute_member', 'unmute_member', 'ban_member', 'unban_member', 'ban_user', 'unban_user', 'remove_member', 'put_member', 'set_role',
  'resolve_report', 'report_message', 'hold_message', 'create_rule', 'change_rule', 'delete_rule', 'switch_off_rule', 'create_network_ban', 'delete_network_ban',
  'change_room', 'change_settings', 'close_registration', 'set_raid', 'delete_invite', 'delete_bot', 'make_sign_in_link', 'make_first_owner', 'erase_me', 'undo'];

const CANNOT = new Set(['switch_off_rule', 'delete_invite', 'delete_bot', 'make_sign_in_link', 'make_first_owner', 'erase_me', 'undo']);

/** Whether there may be a way back; the server knows whether there still is. */
export const mayHaveWayBack = ({ action, detail }) => !CANNOT.has(action) && detail?.by !== 'author';

/** What was acted with or on beside the person: a network, a rule, roles, settings. '' where there is nothing to say. */
export function matterOf({ action, detail }) {
  if (!detail) return '';
  if (detail.network) return detail.network;
  if (action === 'set_role') return `${detail.from} → ${detail.to}`;
  if (action === 'put_member') return detail.role ?? '';
  if (detail.pattern) return detail.pattern.split('\n')[0];
  if (detail.was && ['change_settings', 'close_registration', 'change_room'].includes(action)) return changesOf(detail);
  return '';
}

const changesOf = ({ was, ...now }) => Object.keys(was).map((key) => `${key}: ${now[key] ?? '–'}`).join(', ');
