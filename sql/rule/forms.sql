-- The forms in which a text is compared with a pattern, so that `ＳＰＡＭ`, `s​pam` and `ѕраm` are `spam`.

-- Without what nobody sees: Unicode's Default_Ignorable_Code_Point.
create function rule.without_invisible(p_text text) returns text
language sql immutable as $$
  select regexp_replace(p_text, '[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]', '', 'g');
$$;

-- As it looks: look-alikes of other alphabets, accents and digits as plain letters.
create function rule.unmask(p_text text) returns text
language plpgsql immutable as $$
declare
  v_text text := p_text;
  v_seen text;                                           -- each of its characters that is not ASCII
  v_plain text;
  v_alike text;
begin
  if octet_length(v_text) > char_length(v_text) then
    v_text := regexp_replace(normalize(v_text, nfkd), '[\u0300-\u036F]', '', 'g');
    select string_agg(distinct c, '') into v_seen from string_to_table(regexp_replace(v_text, '[\u0001-\u007F]+', '', 'g'), null) as c;
    select string_agg(repeat(plain, char_length(alike)), ''), string_agg(alike, '') into v_plain, v_alike
    from rule.lookalikes() where translate(v_seen, alike, '') <> v_seen;
    v_text := normalize(translate(v_text, coalesce(v_alike, ''), coalesce(v_plain, '')), nfkc);
  end if;
  return translate(v_text, '01', 'ol');
end $$;

-- NFKC and lower case; what capitals look like; what small letters look like. A text fits a pattern in the same form.
create function rule.forms(p_text text) returns text[]
language plpgsql immutable as $$
declare
  v_text text := rule.without_invisible(normalize(p_text, nfkc));
  v_lower text := normalize(lower(v_text), nfkc);
begin
  return array[v_lower, lower(rule.unmask(v_text)), rule.unmask(v_lower)];
end $$;

-- The lines of a pattern, without empty ones.
create function rule.pattern_lines(p_pattern text) returns text[]
language sql immutable as $$
  select coalesce(array_agg(line order by ordinality), '{}')
  from regexp_split_to_table(p_pattern, '\n') with ordinality as l(raw, ordinality), btrim(raw, E' \t') as line
  where line <> '';
$$;

create function rule.quoted(p_text text) returns text
language sql immutable as $$ select regexp_replace(p_text, '([\\^$.|?*+()\[\]{}-])', '\\\1', 'g'); $$;

-- A word or phrase as a regular expression: `*` is any run of letters, blanks are any run of blanks, and a word that begins or ends
-- with a letter of an alphabet (not with a Chinese or Japanese character) begins or ends there in the text, too.
create function rule.word_expression(p_word text) returns text
language sql immutable as $$
  select case when left(p_word, 1) ~ '\w' and ascii(p_word) < 11904 then '(?<!\w)' else '' end
    || regexp_replace(replace(rule.quoted(p_word), '\*', '\w*'), '\s+', '\\s+', 'g')
    || case when right(p_word, 1) ~ '\w' and ascii(right(p_word, 1)) < 11904 then '(?!\w)' else '' end;
$$;

-- A domain, and all below it. `*` is any link: a scheme, www., or a name that ends in one of the more common top-level domains.
create function rule.link_expression(p_domain text) returns text
language sql immutable as $$
  select case when p_domain = '*'
    then '\w://\S|(?<!\w)www\.\w|(?<![\w@])([\w-]+\.)+(com|net|org|info|biz|io|co|me|ru|cn|xyz|top|link|click|site|online|shop|app|dev|gg|tv|ly|to|de|uk|fr|eu|us|in|br)(?![\w-])'
    else '(?<![\w-])' || rule.quoted(p_domain) || '(?![\w-])(?!\.\w)' end;
$$;

-- What a rule looks for: one regular expression for each form. A regular expression is taken as it is.
create function rule.compile_pattern(p_kind text, p_pattern text) returns text[]
language sql immutable as $$
  select case when p_kind = 'regex' then array[p_pattern, p_pattern, p_pattern] else (
    select array_agg(expression order by form) from (
      select form, string_agg(case p_kind when 'words' then rule.word_expression(word) else rule.link_expression(word) end, '|' order by line) as expression
      from unnest(rule.pattern_lines(p_pattern)) with ordinality as l(text, line), unnest(rule.forms(l.text)) with ordinality as f(word, form)
      group by form) expressions) end;
$$;

-- Whether a text, given in its forms (and as it is, for regular expressions), is what a rule looks for.
create function rule.fits(p_kind text, p_patterns text[], p_text text, p_forms text[]) returns boolean
language plpgsql immutable as $$
begin
  if p_kind = 'regex' and p_text ~* p_patterns[1] then
    return true;
  end if;
  for i in 1..cardinality(p_forms) loop
    if not (p_forms[i] = any(p_forms[1:i - 1]) and p_patterns[i] = any(p_patterns[1:i - 1])) then
      if replace(p_forms[i], '。', '.') ~* p_patterns[i] then
        return true;
      end if;
    end if;
  end loop;
  return false;
end $$;
