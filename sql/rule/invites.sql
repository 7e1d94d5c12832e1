-- Invitations: a link with an end, a number of uses and rooms that it opens.

-- The invitation behind a token, while it can be used. Else 404 or 410.
create function rule.usable_invite(p_token text) returns data.invite
language plpgsql stable as $$
declare
  v_invite data.invite;
begin
  select * into v_invite from data.invite where token_hash = rule.token_hash(p_token);
  if not found then
    perform rule.not_found('invitation');
  elsif v_invite.until <= now() or v_invite.uses_left = 0 then
    perform rule.refuse(410, 'gone', 'This invitation was used up, or it is too old. Ask for another one.');
  end if;
  return v_invite;
end $$;

-- Who makes a member account may bring an invitation, and must where the setting says so: the invitation, or null.
create function rule.invited_to_register(p_args jsonb) returns data.invite
language plpgsql stable as $$
declare
  v_invite data.invite;
begin
  if p_args->>'invite' is not null then
    v_invite := rule.usable_invite(p_args->>'invite');
  end if;
  perform rule.check_registration(v_invite.id is not null);
  return v_invite;
end $$;

-- The rooms that it opens: a group as long as its maker is in it, so that nobody who was removed lets themselves in again, or goes on
-- reading its name.
create function rule.rooms_of_invite(p_invite data.invite) returns setof data.room
language sql stable as $$
  select r.* from data.room r
  where r.id = any(p_invite.rooms) and r.archived_at is null
    and (r.kind = 'channel' or exists (select from data.member where person_id = p_invite.person_id and room_id = r.id))
  order by r.id;
$$;

-- Those of them that are open to somebody.
create function rule.rooms_opened(p_invite data.invite, p_person bigint) returns bigint[]
language sql stable as $$ select array(select id from rule.rooms_of_invite(p_invite) where not rule.is_banned(p_person, id)); $$;

-- Uses it once.
create function rule.use_invite(p_invite data.invite, p_person data.person) returns void
language plpgsql volatile as $$
begin
  update data.invite set uses_left = uses_left - 1, used = used + 1 where id = p_invite.id;
  perform rule.add_member(room, p_person.id, 0, p_invite.person_id) from unnest(rule.rooms_opened(p_invite, p_person.id)) room;
end $$;

create function rule.show_invite(p_invite data.invite) returns json
language sql stable as $$
  select json_build_object('id', p_invite.id, 'user', rule.show_name_of(p_invite.person_id),
    'until', rule.show_time(p_invite.until), 'uses_left', p_invite.uses_left, 'used', p_invite.used,
    'rooms', (select coalesce(json_agg(json_build_object('id', r.id, 'name', r.name) order by r.id), '[]') from rule.rooms_of_invite(p_invite) r));
$$;
