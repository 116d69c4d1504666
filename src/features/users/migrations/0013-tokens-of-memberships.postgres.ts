export const postgres = `
alter table users rename column email to login;
alter table users add column email text collate "C" not null default '';
update users set email = login;
create index users_email on users (email);

create temporary table divided as
  select m.account_id, m.user_id as shared_id, 'invited to ' || m.account_id || ': ' || u.email as login
    from account_users m join users u on u.id = m.user_id
    where u.confirmed = 0 and m.account_id > (select min(o.account_id) from account_users o where o.user_id = u.id);
insert into users (login, email, name, password_hash, avatar_url, created_at, updated_at, confirmed)
  select d.login, u.email, u.name, 'none', u.avatar_url, u.created_at, u.updated_at, 0
    from divided d join users u on u.id = d.shared_id;
insert into account_users (account_id, user_id, role, availability, created_at)
  select m.account_id, u.id, m.role, m.availability, m.created_at
    from divided d join users u on u.login = d.login
    join account_users m on m.account_id = d.account_id and m.user_id = d.shared_id;
update inbox_members set user_id = (select u.id from divided d join users u on u.login = d.login
    where d.account_id = inbox_members.account_id and d.shared_id = inbox_members.user_id)
  where exists (select 1 from divided d where d.account_id = inbox_members.account_id and d.shared_id = inbox_members.user_id);
update team_members set user_id = (select u.id from divided d join users u on u.login = d.login
    where d.account_id = team_members.account_id and d.shared_id = team_members.user_id)
  where exists (select 1 from divided d where d.account_id = team_members.account_id and d.shared_id = team_members.user_id);
update conversations set assignee_id = (select u.id from divided d join users u on u.login = d.login
    where d.account_id = conversations.account_id and d.shared_id = conversations.assignee_id)
  where exists (select 1 from divided d where d.account_id = conversations.account_id and d.shared_id = conversations.assignee_id);
delete from account_users
  where exists (select 1 from divided d where d.account_id = account_users.account_id and d.shared_id = account_users.user_id);
delete from user_links where purpose = 'password' or user_id in (select shared_id from divided);
drop table divided;
update users set login = 'invited to '
    || coalesce((select min(m.account_id) from account_users m where m.user_id = users.id), 0) || ': ' || email
  where confirmed = 0 and login = email;
alter table user_links add column issued_in bigint references accounts (id);

create table token_memberships (
  account_id bigint not null,
  token_id bigint not null references access_tokens (id) on delete cascade,
  user_id bigint not null,
  primary key (account_id, token_id),
  foreign key (account_id, user_id) references account_users (account_id, user_id) on delete cascade
);
create index token_memberships_token on token_memberships (token_id);
create index token_memberships_user on token_memberships (account_id, user_id);
insert into token_memberships (account_id, token_id, user_id)
  select m.account_id, t.id, t.user_id from access_tokens t join account_users m on m.user_id = t.user_id;
delete from access_tokens where not exists (select 1 from token_memberships m where m.token_id = access_tokens.id);

-- No session lasts longer than 90 days.
update sessions set expires_at = created_at + 7776000000 where expires_at > created_at + 7776000000;
`
