export const postgres = `
alter table user_links drop constraint user_links_purpose_check;
alter table user_links add constraint user_links_purpose_check check (purpose in ('invitation', 'password', 'email'));
alter table user_links add column email text collate "C" check ((email is not null) = (purpose = 'email'));
`
