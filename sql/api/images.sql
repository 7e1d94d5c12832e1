-- Images: what parley-image asks. Decoding and encoding are done before; here is who may, how much, and who sees what.

-- POST /api/uploads, before its body is taken: 204, or why not.
create function api.check_upload(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
begin
  perform rule.check_network(p_args, 'everything');
  perform rule.check_may_upload(rule.actor(p_token));
  status := 204;
end $$;

-- The same when the body is there, before it is decoded, which is what costs: from here on it counts as an upload, whatever becomes of it.
create function api.begin_upload(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
begin
  perform rule.check_network(p_args, 'everything');
  perform rule.check_may_upload(v_actor);
  perform rule.use_up(v_actor.id, 'uploads', p_args);
  status := 204;
end $$;

-- POST /api/uploads?alt=, when the picture is ready: 201 and the image. p_args: {width, height, animated, thumb_width, thumb_height, alt?}.
create function api.store_image(p_token text, p_args jsonb, p_picture bytea, p_thumb bytea, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_alt text := rule.clean_line(coalesce(p_args->>'alt', ''), 'alt', 1000);
  v_image bigint;
begin
  perform rule.check_image_quotas(v_actor, octet_length(p_picture) + octet_length(p_thumb));
  insert into data.image (person_id, sha256, alt) values (v_actor.id, rule.store_blob(p_args, p_picture, p_thumb), v_alt) returning id into v_image;
  status := 201;
  body := rule.show_images(array[v_image])->0;
end $$;

-- GET /api/uploads/ID[/thumb]: {"sha256":"…"} for who may see it. Else 404.
create function api.get_image(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_image data.image;
begin
  perform rule.check_network(p_args, 'everything');
  v_image := rule.visible_image(rule.actor(p_token), (p_args->>'upload')::bigint);
  status := 200;
  body := json_build_object('sha256', encode(v_image.sha256, 'hex'));
end $$;

-- The bytes of a picture or its thumbnail, for nginx's cache: asked only after api.get_image allowed it.
create function api.get_blob(p_sha256 text, p_thumb boolean) returns table (bytes bytea)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
begin
  return query select case when p_thumb then b.thumb else b.picture end from data.blob b where b.sha256 = decode(p_sha256, 'hex');
end $$;
