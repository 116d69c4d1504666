import type { Catalogue } from './catalogue.ts'
import { companies } from './sw/companies.ts'
import { contacts, customAttributes } from './sw/contacts.ts'
import { dashboard } from './sw/dashboard.ts'
import { errors } from './sw/errors.ts'
import { mail } from './sw/mail.ts'
import { mentions, moves, notificationList } from './sw/more.ts'
import { settings } from './sw/settings.ts'
import { canned, email, macroSettings, operators, signatures, views } from './sw/tools.ts'
import { actions, cannedComposer, cannedPopover, format, macros, prepared, writing } from './sw/writing.ts'

/** Swahili. */
export const catalogue: Catalogue = {
  dashboard,
  settings,
  mail,
  actions,
  canned,
  cannedComposer,
  cannedPopover,
  contacts,
  companies,
  customAttributes,
  email,
  errors,
  format,
  macros,
  macroSettings,
  mentions,
  moves,
  notificationList,
  prepared,
  signatures,
  views,
  operators,
  writing,
}
