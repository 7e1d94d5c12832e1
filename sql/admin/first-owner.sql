-- Makes the first owner account and prints the token of its sign-in link; prints nothing when there is an owner already.
--   psql -XtA -U parley_admin -d parley -f sql/admin/first-owner.sql
\set ON_ERROR_STOP on
select body->>'token' from api.make_first_owner(null, '{}') where body is not null;
