import type { TObject } from 'typebox'
import type { Queries } from '../../db/database.ts'
import { type FieldError, invalidFields } from '../../lib/errors.ts'
import { openedOrNull } from '../../lib/secret-box.ts'
import { mapSecretFields, openFields, sealFields } from '../../lib/secret-fields.ts'
import {
  type ChannelInbox,
  type ChannelRules,
  channelNames,
  channels,
  type Problem,
  type Settings,
} from './channels.ts'
import type { ChannelInput } from './schema.ts'
import { type Row, settingsPlace } from './store.ts'

/** The inbox as its channel sees it. Throws a Refusal `unavailable` if a secret of its settings cannot be decrypted. */
export function toChannelInbox(queries: Queries, row: Row): ChannelInbox {
  const settings = openFields(queries, schemaOf(queries, row), JSON.parse(row.settings), settingsPlace(row))
  return { ...withoutSecrets(queries, row), settings }
}

/** The same with null instead of each secret of its settings, and only with settings that its channel has. */
export function withoutSecrets(queries: Queries, row: Row): ChannelInbox {
  const { account_id, id, name, channel_type, identifier, greeting_message } = row
  const schema = schemaOf(queries, row)
  const known = Object.entries(JSON.parse(row.settings)).filter(([field]) =>
    Object.hasOwn(schema.properties, field),
  )
  const settings = mapSecretFields(schema, Object.fromEntries(known), () => null)
  return { account_id, id, name, channel_type, identifier, greeting_message, settings }
}

/** The settings before a change. A secret that cannot be decrypted is null, so that it can be replaced. */
export function changeableSettings(queries: Queries, row: Row): Settings {
  const open = (text: string, field: string) => openedOrNull(queries, text, { ...settingsPlace(row), field })
  return mapSecretFields(schemaOf(queries, row), JSON.parse(row.settings), open)
}

/** The settings as they are stored. */
export function storedSettings(
  queries: Queries,
  row: Pick<Row, 'account_id' | 'id' | 'channel_type'>,
  settings: Settings,
): string {
  return JSON.stringify(sealFields(queries, schemaOf(queries, row), settings, settingsPlace(row)))
}

function schemaOf(queries: Queries, { channel_type }: Pick<Row, 'channel_type'>): TObject {
  return channels.of(queries).of(channel_type).settings
}

/**
 * The settings after a change, which is merged into them. A change of `hmac_mandatory` alone is not one of the settings.
 * Throws `invalid` for fields that the channel does not have, and if the result breaks a rule of the channel.
 */
export function changedSettings(
  queries: Queries,
  channel: ChannelRules,
  before: Settings,
  input: ChannelInput,
): Settings {
  const { all, config, check } = channels.of(queries)
  const foreign = Object.entries(input).flatMap(([name, value]) => foreignField(all, channel, name, value))
  if (foreign.length > 0) throw invalidFields(foreign)
  const own = Object.entries(input).filter(([name]) => Object.hasOwn(channel.settings.properties, name))
  const after = merged(before, Object.fromEntries(own))
  const mismatches: Problem[] = check(channel.type, after)
  const isChecked = mismatches.length > 0 || own.length === 0
  const broken = isChecked ? mismatches : (channel.verify?.(after, config) ?? [])
  if (broken.length === 0) return after
  const errors = broken.map(
    (one) => ({ code: 'not_allowed', ...one, field: `channel.${one.field}` }) as const,
  )
  throw invalidFields(errors)
}

/** An error if the channel does not have this field and another one has it. Null is accepted: it sets nothing. */
function foreignField(
  all: readonly ChannelRules[],
  { type }: ChannelRules,
  name: string,
  value: unknown,
): FieldError[] {
  if (value === null || value === undefined) return []
  const hasField = (one: ChannelRules) =>
    name === 'hmac_mandatory' ? one.isOpenToCustomers : Object.hasOwn(one.settings.properties, name)
  const owners = all.filter(hasField)
  if (owners.length === 0 || owners.some((one) => one.type === type)) return []
  const message = `can be set for ${channelNames(owners, () => true)} inboxes only`
  return [{ field: `channel.${name}`, message, code: 'not_allowed' }]
}

/** `change` on top of `before`, also inside objects. */
function merged(before: Settings, change: Settings): Settings {
  const fields = Object.entries(change).map(([name, value]) => {
    const old = before[name]
    return [name, isObject(value) && isObject(old) ? merged(old, value) : value]
  })
  return { ...before, ...Object.fromEntries(fields) }
}

function isObject(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
