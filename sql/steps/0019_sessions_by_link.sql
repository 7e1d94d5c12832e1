-- A session by a sign-in link may set a password without the old one, once, for a while: that is what the link is for.
alter table data.session add column by_link boolean not null default false;
