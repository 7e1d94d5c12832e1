-- Images of messages: who may name and see them, how they are shown, how much may be kept, and what goes by itself.

-- The images of a message, in the order in which it names them.
create function rule.show_images(p_images bigint[]) returns json
language plpgsql stable as $$
begin
  return (select coalesce(json_agg(json_build_object('id', i.id, 'type', b.type, 'width', b.width, 'height', b.height, 'bytes', b.bytes,
                   'animated', b.animated, 'thumb_width', b.thumb_width, 'thumb_height', b.thumb_height, 'alt', i.alt,
                   'url', '/api/uploads/' || i.id, 'thumb_url', '/api/uploads/' || i.id || '/thumb') order by array_position(p_images, i.id)), '[]')
          from data.image i join data.blob b using (sha256) where i.id = any(p_images));
end $$;

-- An upload that no message names is gone after a day: judged when asked, whenever it is tidied.
create function rule.is_gone(p_image data.image) returns boolean
language sql stable as $$ select p_image.message_id is null and p_image.at < now() - interval '1 day'; $$;

-- The images that a message may name: uploaded by its author, named by no other message, at most 10.
create function rule.take_images(p_actor data.person, p_list jsonb) returns bigint[]
language plpgsql stable as $$
declare
  v_images bigint[];
begin
  if p_list is null or jsonb_array_length(p_list) = 0 then
    return '{}'::bigint[];
  end if;
  v_images := rule.ids(p_list);
  if cardinality(v_images) > 10 then
    perform rule.refuse_invalid('images', 'at most 10 images a message');
  elsif (select count(*) from data.image i
         where id = any(v_images) and person_id = p_actor.id and message_id is null and not rule.is_gone(i)) < cardinality(v_images) then
    perform rule.refuse_invalid('images', 'each must be an upload of yours that no message names yet');
  end if;
  return v_images;
end $$;

-- Makes them the message's, with what p_alts says that they show: {"12":"a cat asleep"}. What went since take_images looked (they are tidied
-- without the log lock) refuses the message.
create function rule.claim_images(p_message data.message, p_alts jsonb) returns void
language plpgsql volatile as $$
declare
  v_count int;
begin
  if exists (select from jsonb_each(case when jsonb_typeof(p_alts) = 'object' then p_alts end) a where jsonb_typeof(a.value) not in ('string', 'null')) then
    perform rule.refuse_invalid('alts', 'the text of each image under its id');
  end if;
  update data.image set message_id = p_message.id, alt = coalesce(rule.clean_line(p_alts->>id::text, 'alts', 1000), alt)
  where id = any(p_message.images) and message_id is null;
  get diagnostics v_count = row_count;
  if v_count < cardinality(p_message.images) then
    perform rule.refuse_invalid('images', 'each must be an upload of yours that no message names yet');
  end if;
end $$;

-- The image, when the actor may see it: of a message that is neither removed nor hidden, whoever is in its room; of none, its uploader.
create function rule.visible_image(p_actor data.person, p_image bigint) returns data.image
language plpgsql stable as $$
declare
  v_image data.image;
begin
  select i.* into v_image from data.image i where i.id = p_image;
  if v_image.message_id is null then
    if v_image.person_id is distinct from p_actor.id or rule.is_gone(v_image) then
      perform rule.not_found('image');
    end if;
  elsif not exists (
      select from data.message m
      join data.member mine on mine.room_id = m.room_id and mine.person_id = p_actor.id
      join data.person author on author.id = m.person_id
      where m.id = v_image.message_id and m.deleted_at is null and m.id > author.hidden_up_to and v_image.id = any(m.images)) then
    perform rule.not_found('image');
  end if;
  return v_image;
end $$;

-- The bytes that a person's uploads keep on the server; each picture once.
create function rule.image_bytes_of(p_person bigint) returns bigint
language plpgsql stable as $$
begin
  return (select coalesce(sum(bytes + thumb_bytes), 0) from data.blob
          where sha256 in (select sha256 from data.image where person_id = p_person));
end $$;

-- The bytes of all images. The size of the table is at once there and never too small: only near the quota it is worth counting.
create function rule.image_bytes(p_quota bigint) returns bigint
language plpgsql stable as $$
begin
  if pg_total_relation_size('data.blob') < p_quota then
    return pg_total_relation_size('data.blob');
  end if;
  return (select coalesce(sum(bytes + thumb_bytes), 0) from data.blob);
end $$;

-- Refuses with 413, and says whose quota it is, what would be over one of the two.
create function rule.check_image_quotas(p_actor data.person, p_bytes bigint) returns void
language plpgsql stable as $$
declare
  v_person bigint := rule.setting_number('limit_upload_mb') << 20;
  v_server bigint := rule.setting_number('limit_server_image_mb') << 20;
begin
  if current_setting('parley.limits', true) = 'off' then
    return;
  elsif rule.image_bytes_of(p_actor.id) + p_bytes > v_person then
    perform rule.refuse(413, 'person_quota', format('Your images would take more than the %s MB that one person has here. Remove some first.', v_person >> 20),
                        '{"quota":"person"}');
  elsif rule.image_bytes(v_server) + p_bytes > v_server then
    perform rule.refuse(413, 'server_quota', 'This server has no room for more images. Ask those who run it.', '{"quota":"server"}');
  end if;
end $$;

-- Refuses whom the server takes no images from, before anybody has sent or decoded one.
create function rule.check_may_upload(p_actor data.person) returns void
language plpgsql stable as $$
begin
  if not rule.takes_images() then
    perform rule.refuse(403, 'images_off', 'This server takes no images.');
  end if;
  perform rule.check_may_send_images(p_actor);
  perform rule.check_image_quotas(p_actor, 0);
  perform rule.check_left(p_actor.id, 'uploads');
end $$;

-- The picture under its hash, once however often it was sent; gives the hash. Sent again, its row is locked, so that nobody takes it away meanwhile.
create function rule.store_blob(p_args jsonb, p_picture bytea, p_thumb bytea) returns bytea
language plpgsql volatile as $$
declare
  v_sha256 bytea := sha256(p_picture);
begin
  insert into data.blob (sha256, type, width, height, animated, thumb_width, thumb_height, picture, thumb)
  values (v_sha256, 'image/webp', (p_args->>'width')::int, (p_args->>'height')::int, (p_args->>'animated')::boolean,
          (p_args->>'thumb_width')::int, (p_args->>'thumb_height')::int, p_picture, p_thumb)
  on conflict (sha256) do update set type = excluded.type;
  return v_sha256;
end $$;

-- Takes the images from messages that are erased or retired in slices: gone for everybody at once, as what no message named for a day.
-- The bytes, of which there may be many, go with the next tidying, which holds no log lock.
create function rule.detach_images(p_messages bigint[]) returns void
language sql volatile as $$ update data.image set message_id = null, at = '-infinity' where message_id = any(p_messages); $$;

-- Uploads that no message named for a day; gives how many went. Called by api.maintain().
create function rule.tidy_images(p_limit int) returns int
language plpgsql volatile as $$
declare
  v_count int;
begin
  delete from data.image where id in (
    select id from data.image where message_id is null and at < now() - interval '1 day' order by at limit p_limit for update skip locked);
  get diagnostics v_count = row_count;
  return v_count;
end $$;
