import { companies } from './ar/companies.ts'
import { contacts, customAttributes } from './ar/contacts.ts'
import { dashboard } from './ar/dashboard.ts'
import { errors } from './ar/errors.ts'
import { mail } from './ar/mail.ts'
import { mentions, moves, notificationList } from './ar/more.ts'
import { settings } from './ar/settings.ts'
import { canned, email, macroSettings, operators, signatures, views } from './ar/tools.ts'
import { actions, cannedComposer, cannedPopover, format, macros, prepared, writing } from './ar/writing.ts'
import type { Catalogue } from './catalogue.ts'

/** Arabic. */
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
