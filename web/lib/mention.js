// Whom a message is for.

/** The name that stands for all who are in a room; those who moderate it may use it. */
export const EVERYBODY = 'all';

/** It names me, or everybody here. */
export const mentions = (message, me) => message.user.id !== me && Boolean(message.mentions?.includes(me) || message.mention_all);
/** It names me or answers me: what the inbox holds. */
export const concerns = (message, me) => mentions(message, me) || (message.user.id !== me && message.reply_to?.user?.id === me);
