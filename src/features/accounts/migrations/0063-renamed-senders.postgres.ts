/* As on SQLite. */
export const renamedSendersOnPostgres = `
alter table accounts add column senders_version bigint not null default 0;
create or replace function user_renamed() returns trigger language plpgsql as $$
begin
  update accounts set senders_version = senders_version + 1
    where id in (select account_id from account_users where user_id = new.id);
  return null;
end $$;
create function agent_bot_renamed() returns trigger language plpgsql as $$
begin
  update accounts set senders_version = senders_version + 1 where id = new.account_id;
  return null;
end $$;
create trigger agent_bots_renamed after update of name on agent_bots
  for each row execute function agent_bot_renamed();
create function guest_renamed() returns trigger language plpgsql as $$
begin
  update conversations set version = version + 1 where account_id = new.account_id and id in (
    select conversation_id from guest_messages where account_id = new.account_id and contact_id = new.id);
  return null;
end $$;
create trigger guests_renamed after update of name, avatar_url on contacts
  for each row execute function guest_renamed();
`
