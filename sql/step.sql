-- Runs steps/:step once, and remembers it in `steps`. Called by deploy.sql with the variable `step` set.
\set steps :steps ' ' :step
select not exists (select from data.step where name = :'step') as todo,
       'steps/' || :'step' || '.sql' as step_file \gset
\if :todo
-- The log lock, as rule.lock_log() takes it: who writes waits there, with nothing in hand. In the middle of a post the two would wait
-- for each other, one for the step's table and the other for what the step has locked already (a deadlock, seen under load).
select pg_advisory_xact_lock(7265108, 0) \g /dev/null
\ir :step_file
insert into data.step (name) values (:'step');
\endif
