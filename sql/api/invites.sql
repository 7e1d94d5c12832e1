-- Invitation links.

-- GET /api/invites: mine.
create function api.list_invites(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_page record := rule.page_of(array(
    select id from data.invite where person_id = v_actor.id and until > now() and uses_left is distinct from 0 order by id), p_args, null);
begin
  status := 200;
  body := json_build_object(
    'invites', (select coalesce(json_agg(rule.show_invite(i) order by i.id), '[]') from data.invite i where i.id = any(v_page.ids)),
    'more_before', v_page.more_before, 'more_after', v_page.more_after);
end $$;

-- POST /api/invites {until?, uses?, rooms?}: a week and any number of uses unless told otherwise; the rooms are some that one is in.
create function api.create_invite(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_rooms bigint[] := rule.ids(p_args->'rooms');
  v_until timestamptz := coalesce(rule.time_of(p_args, 'until'), now() + interval '7 days');
  v_token text := rule.new_token();
  v_invite data.invite;
  v_room bigint;
begin
  if v_until <= now() or v_until > now() + interval '366 days' then
    perform rule.refuse_invalid('until', 'a time within a year from now');
  end if;
  foreach v_room in array v_rooms loop
    perform rule.check_may_add(v_actor, rule.joined_room(v_actor, v_room));
  end loop;
  if v_actor.rank < 2 then
    perform rule.check_no_raid();
  end if;
  perform rule.use_up(v_actor.id, 'invites', p_args);
  insert into data.invite (token_hash, person_id, until, uses_left, rooms)
  values (rule.token_hash(v_token), v_actor.id, v_until, (p_args->>'uses')::int, v_rooms)
  returning * into v_invite;
  status := 201;
  body := json_build_object('invite', rule.show_invite(v_invite)::jsonb || jsonb_build_object('token', v_token), 'token', v_token);
end $$;

-- DELETE /api/invites/ID: one's own; those who moderate the server take away any.
create function api.delete_invite(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_maker bigint;
begin
  delete from data.invite where id = (p_args->>'invite')::bigint and (person_id = v_actor.id or v_actor.rank >= 2) returning person_id into v_maker;
  if not found then
    perform rule.not_found('invitation');
  elsif v_maker <> v_actor.id then
    perform rule.note_audit(v_actor, 'delete_invite', v_maker, p_detail => jsonb_build_object('invite', p_args->'invite'));
  end if;
  status := 204;
end $$;

-- GET /api/invites/TOKEN: what it opens; needs no session.
create function api.get_invite(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
begin
  status := 200;
  body := json_build_object('invite', rule.show_invite(rule.usable_invite(p_args->>'invite')));
end $$;

-- POST /api/invites/TOKEN/accept: uses it, unless one is in its rooms already. One that opens none of them is as good as gone, and not used.
create function api.accept_invite(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_invite data.invite;
  v_mine bigint[] := array(select room_id from data.member where person_id = v_actor.id);
begin
  v_invite := rule.usable_invite(p_args->>'invite');
  perform rule.check_no_raid();
  if not rule.rooms_opened(v_invite, v_actor.id) <@ v_mine then
    perform rule.use_invite(v_invite, v_actor);
  elsif v_invite.rooms <> '{}' and not v_invite.rooms && v_mine then
    perform rule.refuse(410, 'gone', 'The rooms of this invitation are not open to you any more. Ask for another one.');
  end if;
  status := 204;
end $$;
