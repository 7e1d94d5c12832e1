-- Whether there are lines with anchors of so many characters at all is asked for each text: the index begins with that. What is left out
-- nobody read, or can be seen from the line.
drop index data.rule_line_anchor;
create index rule_line_anchor on data.rule_line (gram, anchor);
alter table data.rule_line drop column id, drop column is_expression;
