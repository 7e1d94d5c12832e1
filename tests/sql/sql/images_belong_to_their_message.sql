-- Images: named once, by who sent them; seen by the room; gone with their message, and the bytes with the last upload of them.
select come('ana'), come('bo');
create function upload(p_who text, p_bytes bytea) returns text language sql as $$
  select status || ' ' || (body->>'id') from api.store_image(token(p_who), '{"width":3,"height":2,"animated":false,"thumb_width":3,"thumb_height":2}', p_bytes, '\x77') $$;
create function sees(p_who text, p_image bigint) returns text language plpgsql as $$
begin
  return (select status from api.get_image(token(p_who), jsonb_build_object('upload', p_image)));
exception when sqlstate 'CH404' then
  return '404';
end $$;
create function kept() returns text language sql as $$
  select (select count(*) from data.image) || ' images of ' || (select count(*) from data.blob) || ' pictures' $$;

select upload('ana', '\x01'), upload('ana', '\x02'), upload('bo', '\x01'), upload('ana', '\x03');
select kept();
select image, sees('ana', image), sees('bo', image) from unnest(array[1, 2, 3, 99]) as image;

-- Named in the order that is asked for; not twice, not another's, not unknown.
select say('ana', 1, '', '{"images": [2, 1]}');
select ask('bo', 'get_message', '{"message": 4}', '$.message.images[*].keyvalue() ? (@.key == "id" || @.key == "url").value');
select image, sees('ana', image), sees('bo', image) from unnest(array[1, 2]) as image;
select say('ana', 1, 'again', '{"images": [1]}');
select say('ana', 1, 'his', '{"images": [3]}');
select say('ana', 1, 'none', '{"images": [99]}');
select say('ana', 1, 'twice', '{"images": [4, 4]}');
select say('ana', 1, 'null', '{"images": null}');

-- Hidden: nobody, until it is shown again.
update data.person set hidden_up_to = 4, hidden_at = now() where name = 'ana';
select sees('ana', 1), sees('bo', 1);
update data.person set hidden_up_to = 0, hidden_at = null where name = 'ana';
select sees('ana', 1), sees('bo', 1);

-- Removed: the images, and of the bytes what nobody else has sent.
select ask('ana', 'remove_message', '{"message": 4}');
select kept();
select sees('ana', 1), sees('bo', 1), sees('bo', 3);

-- What no message names is gone after a day: at once for everybody, its rows with the next tidying.
update data.image set at = now() - interval '25 hours' where id = 4;
select sees('ana', 4), say('ana', 1, 'late', '{"images": [4]}');
select api.maintain() > 0, kept();
