import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { createDatabase, testDatabaseUrl } from './databases.ts'
import { skipWithoutServer, startPostgresServer } from './postgres-server.ts'
import { atEnd, type Scope } from './process.ts'

/** Why a test with a database of Chatwoot is skipped; false if there can be one. */
export const skipWithoutChatwoot = testDatabaseUrl ? false : skipWithoutServer

/** The tables of Chatwoot 4.15 that are imported, with the columns and types that they have there. */
export const schema = `
create table accounts (id serial primary key, name varchar not null, locale integer default 0, status integer default 0,
  settings jsonb default '{}', created_at timestamp not null default now(), updated_at timestamp not null default now());
create table users (id serial primary key, name varchar not null, display_name varchar, email varchar,
  encrypted_password varchar not null default '', confirmed_at timestamp, pubsub_token varchar, availability integer default 0,
  custom_attributes jsonb default '{}', message_signature text, created_at timestamp not null default now());
create table account_users (id bigserial primary key, account_id bigint, user_id bigint, role integer default 0,
  availability integer not null default 0, auto_offline boolean not null default true, custom_role_id bigint);
create table access_tokens (id bigserial primary key, owner_type varchar, owner_id bigint, token varchar);
create table inboxes (id serial primary key, account_id integer not null, name varchar not null, channel_type varchar,
  channel_id integer not null, greeting_enabled boolean default false, greeting_message varchar,
  out_of_office_message varchar, timezone varchar default 'UTC', enable_auto_assignment boolean default true,
  lock_to_single_conversation boolean not null default false, business_name varchar, created_at timestamp not null default now());
create table channel_api (id bigserial primary key, account_id integer not null, webhook_url varchar, identifier varchar,
  hmac_token varchar, hmac_mandatory boolean default false, secret varchar);
create table channel_web_widgets (id serial primary key, account_id integer, website_token varchar, website_url varchar,
  widget_color varchar default '#1f93ff', welcome_title varchar, welcome_tagline varchar, hmac_token varchar,
  hmac_mandatory boolean default false, allowed_domains text default '', pre_chat_form_enabled boolean default false);
create table channel_email (id bigserial primary key, account_id integer not null, email varchar not null,
  forward_to_email varchar, imap_enabled boolean default false, imap_address varchar default '', imap_port integer default 0,
  imap_login varchar default '', imap_password varchar default '', imap_enable_ssl boolean default true,
  smtp_enabled boolean default false, smtp_address varchar default '', smtp_port integer default 0,
  smtp_login varchar default '', smtp_password varchar default '', smtp_domain varchar default '',
  smtp_enable_starttls_auto boolean default true, smtp_authentication varchar default 'login',
  smtp_enable_ssl_tls boolean default false, provider_config jsonb default '{}', provider varchar);
create table inbox_members (id serial primary key, user_id integer not null, inbox_id integer not null);
create table teams (id bigserial primary key, name varchar not null, description text, allow_auto_assign boolean default true,
  account_id bigint not null, created_at timestamp not null default now());
create table team_members (id bigserial primary key, team_id bigint not null, user_id bigint not null);
create table labels (id bigserial primary key, title varchar, description text, color varchar not null default '#1f93ff',
  show_on_sidebar boolean, account_id bigint, created_at timestamp not null default now());
create table contacts (id serial primary key, account_id integer not null, name varchar default '', middle_name varchar default '',
  last_name varchar default '', email varchar, phone_number varchar, identifier varchar, blocked boolean not null default false,
  additional_attributes jsonb default '{}', custom_attributes jsonb default '{}', contact_type integer default 0,
  location varchar default '', country_code varchar default '', company_id bigint, last_activity_at timestamp,
  created_at timestamp not null default now(), updated_at timestamp not null default now());
create table companies (id bigserial primary key, name varchar not null, domain varchar, description text, account_id bigint not null,
  contacts_count integer, created_at timestamp not null default now(), updated_at timestamp not null default now());
create table contact_inboxes (id bigserial primary key, contact_id bigint, inbox_id bigint, source_id varchar not null,
  hmac_verified boolean default false, pubsub_token varchar, created_at timestamp not null default now(),
  updated_at timestamp not null default now());
create table conversations (id serial primary key, account_id integer not null, display_id integer not null,
  inbox_id integer not null, contact_id bigint, contact_inbox_id bigint, status integer not null default 0, priority integer,
  assignee_id integer, assignee_agent_bot_id bigint, team_id bigint, snoozed_until timestamp, agent_last_seen_at timestamp,
  contact_last_seen_at timestamp, last_activity_at timestamp not null default now(), first_reply_created_at timestamp,
  waiting_since timestamp, additional_attributes jsonb default '{}', custom_attributes jsonb default '{}',
  cached_label_list text, uuid uuid not null default gen_random_uuid(),
  created_at timestamp not null default now(), updated_at timestamp not null default now());
create index on conversations (account_id, display_id);
create table messages (id serial primary key, account_id integer not null, inbox_id integer not null,
  conversation_id integer not null, content text, message_type integer not null, content_type integer not null default 0,
  content_attributes json default '{}', additional_attributes jsonb default '{}', status integer default 0,
  private boolean not null default false, source_id varchar, sender_type varchar, sender_id bigint,
  created_at timestamp not null default now(), updated_at timestamp not null default now());
create index on messages (conversation_id, account_id, message_type, created_at);
create table tags (id serial primary key, name varchar);
create table taggings (id serial primary key, tag_id integer, taggable_type varchar, taggable_id integer, context varchar);
create index on taggings (taggable_id, taggable_type, context);
create table attachments (id serial primary key, file_type integer default 0, external_url varchar, coordinates_lat float default 0,
  coordinates_long float default 0, message_id integer not null, account_id integer not null, fallback_title varchar,
  extension varchar, meta jsonb default '{}');
create index on attachments (message_id);
create table active_storage_attachments (id bigserial primary key, name varchar not null, record_type varchar not null,
  record_id bigint not null, blob_id bigint not null);
create index on active_storage_attachments (record_type, record_id, name);
create table active_storage_blobs (id bigserial primary key, key varchar not null, filename varchar not null,
  content_type varchar, byte_size bigint not null, checksum varchar, service_name varchar not null default 'local');
create table notes (id bigserial primary key, content text not null, account_id bigint not null, contact_id bigint not null, user_id bigint,
  created_at timestamp not null default now(), updated_at timestamp not null default now());
create table conversation_participants (id bigserial primary key, account_id bigint not null, user_id bigint not null,
  conversation_id bigint not null, created_at timestamp not null default now(), updated_at timestamp not null default now());
create table custom_filters (id bigserial primary key, name varchar not null, filter_type integer not null default 0,
  query jsonb not null default '{}', account_id bigint not null, user_id bigint not null);
create table canned_responses (id serial primary key, account_id integer not null, short_code varchar, content text);
create table custom_attribute_definitions (id bigserial primary key, attribute_display_name varchar, attribute_key varchar,
  attribute_display_type integer default 0, attribute_model integer default 0, account_id bigint, attribute_description text,
  attribute_values jsonb default '[]', regex_pattern varchar, regex_cue varchar);
create table webhooks (id bigserial primary key, account_id integer, inbox_id integer, url varchar, name varchar,
  subscriptions jsonb, secret varchar);
create table macros (id bigserial primary key, account_id bigint not null, name varchar not null, visibility integer default 0,
  created_by_id bigint, actions jsonb not null default '{}');
create table agent_bots (id bigserial primary key, name varchar, description varchar, outgoing_url varchar, account_id bigint,
  secret varchar, created_at timestamp not null default now());
create table agent_bot_inboxes (id bigserial primary key, inbox_id integer, agent_bot_id integer, status integer default 0, account_id integer);
create table reporting_events (id bigserial primary key, account_id integer);
`

/** The database of a Chatwoot installation. */
export interface Chatwoot {
  url: string
  client: pg.Client
  /** Adds rows to a table. Times are texts. */
  add(table: string, ...rows: Record<string, unknown>[]): Promise<void>
  /** Runs a statement. */
  run(statement: string): Promise<void>
}

/** Creates an empty Chatwoot database, on the test server or on one of its own, which ends with the test. */
export async function createChatwoot(scope: Scope): Promise<Chatwoot> {
  const url = await newDatabase(scope)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  atEnd(scope, () => client.end())
  await client.query(schema)
  return {
    url,
    client,
    async add(table, ...rows) {
      for (const row of rows) {
        const names = Object.keys(row)
        const values = Object.values(row).map((value) =>
          typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
        )
        const places = names.map((_, index) => `$${index + 1}`)
        await client.query(`insert into ${table} (${names.join(', ')}) values (${places.join(', ')})`, values)
      }
    },
    async run(statement) {
      await client.query(statement)
    },
  }
}

async function newDatabase(scope: Scope): Promise<string> {
  if (!testDatabaseUrl) return (await startPostgresServer(scope)).url
  const { url, drop } = await createDatabase()
  atEnd(scope, drop)
  return url
}

/** Stores a file as Active Storage does, and returns the columns of its blob. */
export function storeBlob(
  folder: string,
  key: string,
  bytes: Buffer,
): { key: string; byte_size: number; checksum: string } {
  const directory = join(folder, key.slice(0, 2), key.slice(2, 4))
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, key), bytes)
  return blobOf(key, bytes)
}

/** The columns of a blob. */
export function blobOf(key: string, bytes: Buffer): { key: string; byte_size: number; checksum: string } {
  return { key, byte_size: bytes.length, checksum: createHash('md5').update(bytes).digest('base64') }
}
