-- The forms in which a text is compared with a pattern, so that `ＳＰＡＭ`, `s​pam` and `ѕраm` are `spam`. All of it takes time in
-- proportion to the text's length, whatever characters it is made of.

-- Without what nobody sees: Unicode's Default_Ignorable_Code_Point, and control characters.
create function rule.without_invisible(p_text text) returns text
language sql immutable as $$
  select regexp_replace(p_text, '[\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFF8\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]', '', 'g');
$$;

-- NFKC of what is small. Two ligatures are whole sentences in NFKC, so they stay single characters; and of a tower of marks, which takes
-- the square of its height to put in order, the upper part goes.
create function rule.composed(p_text text) returns text
language sql immutable as $$
  select case when octet_length(p_text) = char_length(p_text) then p_text
    else normalize(regexp_replace(translate(p_text, U&'\FDFA\FDFB', U&'\F8FA\F8FB'), '([' || rule.marks() || ']{30})[' || rule.marks() || ']+', '\1', 'g'), nfkc) end;
$$;

-- Each character as what it looks like. Marks go that stand on what looks like ASCII, and signs that Markdown makes invisible.
create function rule.unmask(p_text text) returns text
language plpgsql immutable as $$
declare
  v_lookalikes jsonb := rule.lookalikes();
  v_text text := regexp_replace(p_text, '\\([[:punct:]])', '\1', 'g');
begin
  if octet_length(v_text) > char_length(v_text) then
    v_text := array_to_string(array(select coalesce(v_lookalikes->>c, c) from string_to_table(v_text, null) c), '');
    v_text := regexp_replace(replace(v_text, '。', '.'), '([\u0001-\u007F])[' || rule.marks() || ']+', '\1', 'g');
  end if;
  return translate(v_text, '01I|*~`', 'olll');
end $$;

-- NFKC and lower case; what capitals look like; what small letters look like. A text fits a pattern in the same form. `m` and `rn` are one.
create function rule.forms(p_text text) returns text[]
language plpgsql immutable as $$
declare
  v_text text := rule.without_invisible(rule.composed(p_text));
  v_lower text := normalize(lower(v_text), nfkc);
begin
  return array[v_lower, replace(lower(rule.unmask(v_text)), 'm', 'rn'), replace(lower(rule.unmask(v_lower)), 'm', 'rn')];
end $$;

-- --- Words

-- A form as words and what is between them: a word begins and ends with the sign \x01.
create function rule.in_words(p_form text) returns text
language sql immutable as $$
  select regexp_replace(regexp_replace(p_form, '\s+', ' ', 'g'), '([[:alnum:]]+)', E'\x01\\1\x01', 'g');
$$;

-- Of each form; most are alike, and it is done once.
create function rule.words_of(p_forms text[]) returns text[]
language plpgsql immutable as $$
declare
  v_words text[] := '{}'::text[];
begin
  for i in 1..cardinality(p_forms) loop
    v_words[i] := coalesce(v_words[array_position(p_forms[:i - 1], p_forms[i])], rule.in_words(p_forms[i]));
  end loop;
  return v_words;
end $$;

-- --- Links

-- Domains in a text are hidden behind backslashes and %XX, which browsers and Markdown take away, and in Punycode.
create function rule.link_text(p_text text) returns text
language plpgsql immutable as $$
declare
  v_text text := regexp_replace(p_text, '\\([[:punct:]])', '\1', 'g');
  v_part text;
begin
  for v_part in select distinct m[1] from regexp_matches(v_text, '((?:%[0-9A-Fa-f]{2})+)', 'g') m limit 200 loop
    v_text := replace(v_text, v_part, rule.percent_decoded(v_part));
  end loop;
  for v_part in select distinct m[1] from regexp_matches(v_text, '(xn--[a-z0-9-]{1,59})', 'gi') m limit 200 loop
    v_text := replace(v_text, v_part, rule.punycode_decoded(lower(substr(v_part, 5))));
  end loop;
  return v_text;
end $$;

-- As it is when it is no UTF-8, or no visible character.
create function rule.percent_decoded(p_text text) returns text
language plpgsql immutable as $$
declare
  v_text text;
begin
  v_text := convert_from(decode(replace(p_text, '%', ''), 'hex'), 'UTF8');
  return case when v_text ~ '[\u0001-\u0020]' then p_text else v_text end;
exception when data_exception then
  return p_text;
end $$;

-- A label without its `xn--` (RFC 3492); as it is when it is no Punycode, or ends in the middle of a character.
create function rule.punycode_decoded(p_label text) returns text
language plpgsql immutable as $$
declare
  v_basic text := coalesce(substring(p_label from '^(.*)-'), '');
  v_digits text := substr(p_label, 1 + char_length(coalesce(substring(p_label from '^.*-'), '')));
  v_out int[] := array(select ascii(c) from string_to_table(v_basic, null) c);
  v_code int := 128;
  v_bias int := 72;
  v_i bigint := 0;
  v_old bigint := 0;
  v_weight bigint := 1;
  v_k int := 36;
  v_t int;
  v_digit int;
begin
  for v_at in 1..char_length(v_digits) loop
    v_digit := position(substr(v_digits, v_at, 1) in 'abcdefghijklmnopqrstuvwxyz0123456789') - 1;
    v_t := least(greatest(v_k - v_bias, 1), 26);
    v_i := v_i + v_digit * v_weight;
    v_k := v_k + 36;
    v_weight := v_weight * (36 - v_t);
    if v_digit < v_t then                                -- the last digit of a character: its place and its code
      v_bias := rule.punycode_bias((v_i - v_old)::int, cardinality(v_out) + 1, v_old = 0);
      v_code := v_code + (v_i / (cardinality(v_out) + 1))::int;
      v_i := v_i % (cardinality(v_out) + 1);
      v_out := v_out[:v_i::int] || v_code || v_out[v_i::int + 1:];
      v_i := v_i + 1;
      v_old := v_i;
      v_weight := 1;
      v_k := 36;
    end if;
  end loop;
  return coalesce((select string_agg(chr(c), '' order by ordinality) from unnest(v_out) with ordinality as u(c, ordinality) having v_k = 36), 'xn--' || p_label);
exception when data_exception or program_limit_exceeded then
  return 'xn--' || p_label;
end $$;

create function rule.punycode_bias(p_delta int, p_length int, p_first boolean) returns int
language plpgsql immutable as $$
declare
  v_delta int := p_delta / case when p_first then 700 else 2 end;
  v_k int := 0;
begin
  v_delta := v_delta + v_delta / p_length;
  while v_delta > 455 loop
    v_delta := v_delta / 35;
    v_k := v_k + 36;
  end loop;
  return v_k + 36 * v_delta / (v_delta + 38);
end $$;

-- Whether there is a link of any kind: a scheme (`http:` needs no slashes), www., or a name that ends in one of the more common
-- top-level domains.
create function rule.has_link(p_forms text[]) returns boolean
language sql immutable as $$
  select exists (
    select from unnest(p_forms || string_to_array(replace(array_to_string(p_forms, E'\x02'), 'rn', 'm'), E'\x02')) form
    where replace(form, '。', '.') ~ '(?<!\w)https?:\S|\w://\S|(?<!\w)www\.\w|(?<![\w@])([\w-]+\.)+(com|net|org|info|biz|io|co|me|ru|cn|xyz|top|link|click|site|online|shop|app|dev|gg|tv|ly|to|de|uk|fr|eu|us|in|br)(?![\w-])');
$$;

-- The domains in a form, and those that they are below of.
create function rule.domains_of(p_form text) returns setof text
language sql immutable as $$
  select distinct array_to_string(labels[i:], '.')
  from regexp_matches(replace(p_form, '。', '.'), '[\w-]+(?:\.[\w-]+)+', 'g') m, string_to_array(m[1], '.') labels,
       generate_series(greatest(1, cardinality(labels) - 7), cardinality(labels)) i;
$$;

-- --- What a rule looks for

-- The lines of a pattern, without empty ones.
create function rule.pattern_lines(p_pattern text) returns text[]
language sql immutable as $$
  select coalesce(array_agg(line order by ordinality), '{}')
  from regexp_split_to_table(p_pattern, '\n') with ordinality as l(raw, ordinality), btrim(raw, E' \t') as line
  where line <> '';
$$;

create function rule.quoted(p_text text) returns text
language sql immutable as $$ select regexp_replace(p_text, '([\\^$.|?*+()\[\]{}-])', '\\\1', 'g'); $$;

-- \x02 stands for `*`: where there is one a word need not begin or end, nor where it has a character of those that are written without
-- blanks (Chinese, Japanese).
create function rule.lines_of_words(p_words text) returns table (form smallint, gram smallint, anchor text, line text)
language sql immutable as $$
  select f.form::smallint, case when word is null then char_length(left(piece, 3)) else 0 end::smallint, coalesce('=' || word, '~' || left(piece, 3)),
    case when core is distinct from E'\x01' || word || E'\x01' then core end
  from unnest(rule.words_of(rule.forms(translate(p_words, '*', E'\x02')))) with ordinality as f(words, form)
  cross join lateral btrim(replace(replace(words, E'\x01\x02', E'\x02'), E'\x02\x01', E'\x02'), E'\x02 ') as bounded
  cross join lateral regexp_replace(regexp_replace(bounded, '^\x01(?=[\u2E80-\U0010FFFF])', ''), '([\u2E80-\U0010FFFF])\x01$', '\1') as core
  left join lateral (select m[1] as word from regexp_matches(core, E'\x01([^\x01\x02 ]+)\x01', 'g') m where m[1] ~ '^[[:alnum:]]+$' order by char_length(m[1]) desc limit 1) w on true
  left join lateral (select m[1] as piece from regexp_matches(core, E'[^\x01\x02 ]+', 'g') m order by char_length(m[1]) desc limit 1) p on true
  where piece is not null;
$$;

-- The lines of a rule as they are looked for: each by an anchor, which is looked up among the pieces of the text, so that it matters little
-- how many there are. An anchor is a word (`=spam`), up to three characters of what is no whole word (`bad*` by `~bad`), or a domain
-- (`@evil.example`). Unless it is all that there is to find, `line` must be in the words of the text, with
-- \x02 for a `*` in its middle. Regular expressions of admins have no lines.
create function rule.lines_of(p_rule data.rule) returns setof data.rule_line
language plpgsql immutable as $$
begin
  if p_rule.kind = 'words' then
    return query select distinct p_rule.id, l.form, l.gram, l.anchor, l.line
    from unnest(rule.pattern_lines(p_rule.pattern)) as written, rule.lines_of_words(written) as l;
  elsif p_rule.kind = 'links' then
    return query select distinct p_rule.id, f.form::smallint, 0::smallint, '@' || domain, null::text
    from unnest(rule.pattern_lines(p_rule.pattern)) as written, unnest(rule.forms(rule.link_text(written))) with ordinality as f(domain, form)
    where written <> '*' or f.form = 1;
  end if;
end $$;

-- --- What there is to be found in a text

-- The pieces of a text by which lines are looked up, each with the numbers of the forms that it is in. What is alike is looked through once.
create function rule.pieces(p_words text[], p_links text[], p_grams int[]) returns table (forms int[], gram int, anchor text)
language sql immutable as $$
  with words as materialized (
    select array_agg(f.form::int) as forms, f.words from unnest(p_words) with ordinality as f(words, form) group by f.words collate "C", f.words
  )
  select distinct w.forms, 0, '=' || word collate "C" from words w, string_to_table(w.words, E'\x01') with ordinality as t(word, turn) where turn % 2 = 0
  union all
  select distinct w.forms, n, '~' || case n when 1 then a when 2 then a || b else a || b || c end collate "C"
  from words w, string_to_array(replace(w.words, E'\x01', ''), null) as s, unnest(s, s[2:], s[3:]) as u(a, b, c), unnest(p_grams) as n
  union all
  select array[l.form::int], 0, '@' || domain collate "C" from unnest(p_links) with ordinality as l(links, form), rule.domains_of(links) as domain
  union all
  select '{1}', 0, '@*' collate "C" where rule.has_link(p_links);
$$;

-- Whether a line whose anchor was found is there as a whole. With a `*` in its middle it is a regular expression, which is made only when all
-- its parts are there: to make one takes longer than anything else.
create function rule.holds(p_words text, p_line text) returns boolean
language sql immutable as $$
  select case
    when p_line is null then true
    when position(E'\x02' in p_line) = 0 then position(p_line in p_words) > 0
    else p_words like '%' || replace(regexp_replace(p_line, '([\\%_])', '\\\1', 'g'), E'\x02', '%') || '%'
         and p_words ~ replace(rule.quoted(p_line), E'\x02', E'[[:alnum:]\x01]*') end;
$$;

create function rule.link_forms(p_text text, p_forms text[]) returns text[]
language plpgsql immutable as $$
declare
  v_text text := rule.link_text(p_text);
begin
  return case when v_text = p_text then p_forms else rule.forms(v_text) end;
end $$;

-- The rules for words and links that a text fits, whoever they are for. Planned once, perhaps while there are no rules: so it is told that
-- pieces are looked up.
create function rule.found_in(p_text text, p_forms text[]) returns bigint[]
language plpgsql stable set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_words text[] := rule.words_of(p_forms);
  v_links text[] := case when exists (select from data.rule where enabled and kind = 'links') then rule.link_forms(p_text, p_forms) end;
  v_grams int[] := array(select n from generate_series(1, 3) n where exists (select from data.rule_line where gram = n));
begin
  return array(
    select distinct l.rule_id from rule.pieces(v_words, v_links, v_grams) p
    join data.rule_line l on l.gram = p.gram and l.anchor = p.anchor and l.form = any(p.forms)
    where rule.holds(v_words[l.form], l.line));
end $$;

-- Whether a text fits one rule, which need not be stored: p_lines are its lines.
create function rule.fits(p_rule data.rule, p_lines data.rule_line[], p_text text) returns boolean
language plpgsql stable as $$
declare
  v_forms text[] := rule.forms(p_text);
  v_words text[];
begin
  if p_rule.kind = 'regex' then
    return rule.fits_expression(p_rule.pattern, p_text, v_forms);
  end if;
  v_words := rule.words_of(v_forms);
  return exists (
    select from unnest(p_lines) l
    join rule.pieces(v_words, case p_rule.kind when 'links' then rule.link_forms(p_text, v_forms) end, array(select distinct gram from unnest(p_lines) where gram > 0)) p
      on l.gram = p.gram and l.anchor = p.anchor and l.form = any(p.forms)
    where rule.holds(v_words[l.form], l.line));
end $$;

-- A regular expression is taken as it is, and tried on the text as it is and on its forms.
create function rule.fits_expression(p_expression text, p_text text, p_forms text[]) returns boolean
language sql immutable as $$ select exists (select from (select p_text union select unnest(p_forms)) t(form) where form ~* p_expression); $$;
