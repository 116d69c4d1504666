export const postgres = `
create table custom_attribute_definitions (
  account_id bigint not null references accounts (id),
  id bigint not null,
  attribute_model text collate "C" not null check (attribute_model in ('contact_attribute', 'conversation_attribute')),
  attribute_key text collate "C" not null,
  attribute_display_name text collate "C" not null,
  attribute_display_type text collate "C" not null,
  attribute_description text collate "C",
  attribute_values text collate "C" not null,
  regex_pattern text collate "C",
  regex_cue text collate "C",
  created_at bigint not null,
  updated_at bigint not null,
  primary key (account_id, id),
  unique (account_id, attribute_model, attribute_key)
);
`
