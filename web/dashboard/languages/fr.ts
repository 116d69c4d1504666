import type { Catalogue } from './catalogue.ts'
import { account } from './fr/account.ts'
import { companies } from './fr/companies.ts'
import { contacts, customAttributes } from './fr/contacts.ts'
import { dashboard } from './fr/dashboard.ts'
import { errors } from './fr/errors.ts'
import { email, mail } from './fr/mail.ts'
import { mentions, notificationList } from './fr/notifications.ts'
import { settings } from './fr/settings.ts'
import { canned, macroSettings, operators, signatures, views } from './fr/tools.ts'
import {
  actions,
  cannedComposer,
  cannedPopover,
  format,
  macros,
  moves,
  prepared,
  writing,
} from './fr/writing.ts'

/** French. */
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
  notificationList,
  mentions,
  mail,
  settings: { ...settings, ...account },
  signatures,
  email,
  views,
  operators,
  moves,
  customAttributes,
  contacts,
  companies,
  canned,
  macroSettings,
}
