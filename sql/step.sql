-- Runs steps/:step once, and remembers it in `steps`. Called by deploy.sql with the variable `step` set.
\set steps :steps ' ' :step
select not exists (select from data.step where name = :'step') as todo,
       'steps/' || :'step' || '.sql' as step_file \gset
\if :todo
\ir :step_file
insert into data.step (name) values (:'step');
\endif
