-- What a new database begins with: the lobby, and one event, so that the log always has a head.
select rule.log_event('settings.changed', 'rank', 3) where not exists (select from data.event) \g /dev/null
insert into data.room (kind, name) select 'channel', 'lobby' where not exists (select from data.room);
-- How texts are folded may have changed with the functions: then the lines of the rules concerned are written anew.
select rule.store_lines(r) from data.rule r
where array(select l from data.rule_line l where rule_id = r.id order by l) is distinct from array(select l from rule.lines_of(r) l order by l) \g /dev/null
