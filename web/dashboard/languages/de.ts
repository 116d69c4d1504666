import type { Catalogue } from './catalogue.ts'
import { account } from './de/account.ts'
import { companies } from './de/companies.ts'
import { contacts, customAttributes } from './de/contacts.ts'
import { dashboard } from './de/dashboard.ts'
import { errors } from './de/errors.ts'
import { email, mail } from './de/mail.ts'
import { mentions, moves, notificationList } from './de/more.ts'
import { settings } from './de/settings.ts'
import { canned, macroSettings, operators, signatures, views } from './de/tools.ts'
import { actions, cannedComposer, cannedPopover, format, macros, prepared, writing } from './de/writing.ts'

/** German. */
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
