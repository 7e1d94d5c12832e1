-- A name is trimmed, 1..40 code points, without control, direction or line characters, and unique after NFKC, lower, NFKC.
create function try(p_name text) returns text language sql
as $$ select ask(null, 'sign_in_guest', jsonb_build_object('name', p_name, 'new_token', gen_random_uuid()), '$.user.name'); $$;

select try('  Zoë Ångström ');
select try('zoë ångström');
select try(E'Zoe\u0308 A\u030angstro\u0308m');
select try('ＺＯË　ÅNGSTRÖM');
select try('ﬁne');
select try('FINE');
select try('x²');
select try('X2');
select try('İstanbul');
select try('李雷');
select try('👩‍🚀');

-- Too short, too long; code points count.
select try('');
select try(E' \t\u00a0\u3000');
select try(null);
select try(chr(code) || E'\u200d\ufe0f') from unnest(array[173, 4447, 8195, 8205, 10240, 12644, 65440, 917569]) as code;
select try(E'\u1680\u202f spaced \u205f\u2009');
select try(repeat('名', 40)) = '201 "' || repeat('名', 40) || '"';
select try(repeat('名', 41));

-- Characters that a name must not hold: one of each family, and at the edge of the ranges.
select to_hex(code) as code, left(try('a' || chr(code) || 'b'), 11)
from unnest(array[1, 9, 10, 31, 127, 128, 133, 159, 1564, 8203, 8206, 8207, 8232, 8233, 8234, 8238, 8288, 8294, 8297, 65279]) as code;
select left(try('c' || chr(code) || 'd'), 3) from unnest(array[32, 160, 8204, 8205]) as code;

-- A rename keeps to the same rules, and may change the case of one's own name.
select come('ana');
select ask('ana', 'change_me', '{"name": "ANA"}', '$.user.name');
select ask('ana', 'change_me', '{"name": "fine"}');
select ask('ana', 'change_me', '{"name": "a\u202eb"}');
select ask('ana', 'change_me', '{"name": " "}');
select name, name_key from data.person where id = id_of('ANA');
