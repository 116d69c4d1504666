import type { Catalogue } from './catalogue.ts'
import { account } from './pt-BR/account.ts'
import { companies } from './pt-BR/companies.ts'
import { contacts, customAttributes } from './pt-BR/contacts.ts'
import { dashboard } from './pt-BR/dashboard.ts'
import { errors } from './pt-BR/errors.ts'
import { email, mail } from './pt-BR/mail.ts'
import { mentions, moves, notificationList } from './pt-BR/more.ts'
import { settings } from './pt-BR/settings.ts'
import { canned, macroSettings, operators, signatures, views } from './pt-BR/tools.ts'
import { actions, cannedComposer, cannedPopover, format, macros, prepared, writing } from './pt-BR/writing.ts'

/** Portuguese of Brazil. */
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
