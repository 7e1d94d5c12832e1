-- Reactions and pin of what a moderator removed, so that an undo brings them back, too.
alter table data.removal
  add column reactions jsonb not null default '[]',      -- rows of data.reaction
  add column pin       jsonb;                            -- the row of data.pin, if there was one
