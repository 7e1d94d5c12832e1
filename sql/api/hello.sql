-- What a page needs before anybody signed in, and what a monitor asks.

create function api.hello(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_me json := (select rule.show_person(p) from data.session s join data.person p on p.id = s.person_id
                where s.token_hash = p_token and s.expires_at > now());
begin
  status := 200;
  body := json_build_object('name', rule.setting('name'), 'me', v_me, 'guests', rule.setting_is_on('guests') and not rule.is_raid(),
                            'registration', case when rule.is_raid() then 'closed' else rule.setting_text('registration') end, 'limits', rule.show_limits());
end $$;

-- {"log_head":N}: the database answers and its log stands at N.
create function api.health(p_token text, p_args jsonb, out status int, out body json)
language sql stable security definer set search_path = data, rule, pg_temp as $$
  select 200, json_build_object('log_head', (select id from rule.log_head()));
$$;
