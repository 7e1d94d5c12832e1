-- What rules for words and links look for, a row a line and form (rule.lines_of), to be looked up by the pieces of a text.
create table data.rule_line (
  id            bigint generated always as identity primary key,
  rule_id       bigint not null references data.rule on delete cascade,
  form          smallint not null,                       -- which of rule.forms()
  gram          smallint not null,                       -- how many characters of a word the anchor is; 0: a whole word, or a domain
  anchor        text collate "C" not null,
  line          text,                                    -- what must be there besides; null: nothing
  is_expression boolean not null
);
create index rule_line_anchor on data.rule_line (anchor, gram);
create index rule_line_rule on data.rule_line (rule_id);
alter table data.rule drop column forms;
