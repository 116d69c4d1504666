/*
 * Pages of messages are cached as long as the version of the conversation does not change. A user or bot can have
 * written in every conversation: instead of changing each, a new name changes one row of the account, whose version
 * counts for all its conversations. A contact can have written in conversations of others, too.
 */
export const renamedSenders = `
alter table accounts add column senders_version integer not null default 0;
drop trigger users_renamed;
create trigger users_renamed after update of name, avatar_url on users begin
  update accounts set senders_version = senders_version + 1
    where id in (select account_id from account_users where user_id = new.id);
end;
create trigger agent_bots_renamed after update of name on agent_bots begin
  update accounts set senders_version = senders_version + 1 where id = new.account_id;
end;
create trigger guests_renamed after update of name, avatar_url on contacts begin
  update conversations set version = version + 1 where account_id = new.account_id and id in (
    select conversation_id from guest_messages where account_id = new.account_id and contact_id = new.id);
end;
`
