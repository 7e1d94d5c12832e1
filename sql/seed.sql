-- What a new database begins with: the lobby, and one event, so that the log always has a head.
select rule.log_event('settings.changed', 'rank', 3) where not exists (select from data.event) \g /dev/null
insert into data.room (kind, name) select 'channel', 'lobby' where not exists (select from data.room);
-- How texts are folded may have changed with the functions.
select rule.store_lines(r) from data.rule r \g /dev/null
