/* `attribute_values` is a JSON list of texts. */
export const sqlite = `
create table custom_attribute_definitions (
  account_id integer not null references accounts (id),
  id integer not null,
  attribute_model text not null check (attribute_model in ('contact_attribute', 'conversation_attribute')),
  attribute_key text not null,
  attribute_display_name text not null,
  attribute_display_type text not null,
  attribute_description text,
  attribute_values text not null,
  regex_pattern text,
  regex_cue text,
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id),
  unique (account_id, attribute_model, attribute_key)
) strict, without rowid;
`
