-- A pattern and a text are compared as they are and as they look: case, full width, invisible characters, accents, look-alikes of
-- other alphabets by Unicode's table, and digits for letters make no difference.
create function hits(p_kind text, p_pattern text, variadic p_texts text[]) returns table (text text, hit boolean)
language sql as $$ select t, rule.fits(p_kind, rule.compile_pattern(p_kind, p_pattern), t, rule.forms(t)) from unnest(p_texts) with ordinality as u(t, o) order by o; $$;
set search_path = data, rule, test, public;

select * from test.hits('words', 'viagra', 'Viagra', 'buy VIAGRA!', 'ｖｉａｇｒａ', U&'via\200Bgra', U&'v\00ADiagra', 'vіаgrа', 'ѵιаցга', 'víágrä', 'viagr4', 'viagram', 'aviagra', '');
select * from test.hits('words', 'porn', 'p0rn', 'PORN', 'рогn', 'popcorn');
select * from test.hits('words', E'free   money\n\nbad*\n*coin', 'free money', E'FREE \n money', 'freemoney', 'bad', 'badly', 'a bitcoin', 'coins');
select * from test.hits('words', 'мат', 'МАТ', 'мат', 'MAT', 'томат');
select * from test.hits('words', E'赌博\nc++\n$$$', '在线赌博网站', 'I like C++.', 'win $$$ now', 'c+');
select * from test.hits('words', '^.$ (a|b) [x]', '^.$ (a|b) [x]', 'anything');

select * from test.hits('links', E'evil.example\nbad.co.uk', 'http://evil.example/x', 'see EVIL.EXAMPLE.', 'www.evil.example', 'notevil.example', 'evil.example.org', 'evil.example-x.org', 'еvil.example', 'evil。example', 'a.bad.co.uk?', 'bad.co');
select * from test.hits('links', '*', 'https://x', 'look at www.here', 'example.com', 'sub.example.shop/path', 'me@example.com', 'e.g. this', 'v1.2.3', 'end.of', 'ftp://a');

select * from test.hits('regex', '\m(\w)\1{9,}', 'aaaaaaaaaaaa', 'AAAAAAAAAAAA', 'aaa', 'ａａａａａａａａａａ');
select * from test.hits('regex', 'Buy', 'buy', 'BUY', 'ＢＵＹ', 'sell');

-- Eight thousand characters of anything take a moment only.
select clock_timestamp() as before \gset
select cardinality(rule.forms(repeat('Ѕрам über ａｌｌｅｓ 赌博 ', 400))), rule.fits('words', rule.compile_pattern('words', 'none such'), repeat('a b ', 2000), rule.forms(repeat('a b ', 2000)));
select clock_timestamp() - :'before' < '1 second' as quick;
