import type { Catalogue } from './catalogue.ts'
import { account } from './es/account.ts'
import { companies } from './es/companies.ts'
import { contacts, customAttributes } from './es/contacts.ts'
import { dashboard } from './es/dashboard.ts'
import { errors } from './es/errors.ts'
import { email, mail } from './es/mail.ts'
import { mentions, moves, notificationList } from './es/more.ts'
import { settings } from './es/settings.ts'
import { canned, macroSettings, operators, signatures, views } from './es/tools.ts'
import { actions, cannedComposer, cannedPopover, format, macros, prepared, writing } from './es/writing.ts'

/** Spanish. */
export const catalogue: Catalogue = {
  dashboard,
  errors,
  format,
  writing,
  cannedComposer,
  cannedPopover,
  macros,
  actions,
  prepared,
  mail,
  settings: { ...settings, ...account },
  signatures,
  email,
  views,
  operators,
  notificationList,
  mentions,
  moves,
  customAttributes,
  contacts,
  companies,
  canned,
  macroSettings,
}
