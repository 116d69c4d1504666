import type { composerStrings } from '../canned/composer-strings.ts'
import type { popoverStrings } from '../canned/popover-strings.ts'
import type { companyWords } from '../companies/strings.ts'
import type { formatStrings } from '../composer/format-strings.ts'
import type { writingStrings } from '../composer/writing-strings.ts'
import type { contactWords } from '../contacts/strings.ts'
import type { errorStrings } from '../data/error-strings.ts'
import type { Translated } from '../language.ts'
import type { actionNames } from '../macros/action-names.ts'
import type { macroStrings } from '../macros/strings.ts'
import type { mailStrings } from '../mail/strings.ts'
import type { mentionStrings } from '../mentions/strings.ts'
import type { movesStrings } from '../moves/strings.ts'
import type { listStrings } from '../notifications/list-strings.ts'
import type { operatorStrings } from '../parts/operator-strings.ts'
import type { preparedStrings } from '../prepared/strings.ts'
import type { attributeWords } from '../settings/attribute-strings.ts'
import type { cannedWords } from '../settings/canned-strings.ts'
import type { emailWords } from '../settings/email-strings.ts'
import type { macroWords } from '../settings/macro-strings.ts'
import type { signatureWords } from '../settings/signature-strings.ts'
import type { words } from '../settings/strings.ts'
import type { viewWords } from '../settings/view-strings.ts'
import type { strings } from '../strings.ts'

/**
 * All texts of the dashboard in another language, by the area that each English object names. languages.test.ts lists what
 * is missing.
 */
export type Catalogue = Translated<{
  dashboard: typeof strings
  errors: typeof errorStrings
  format: typeof formatStrings
  writing: typeof writingStrings
  cannedComposer: typeof composerStrings
  cannedPopover: typeof popoverStrings
  macros: typeof macroStrings
  actions: typeof actionNames
  moves: typeof movesStrings
  prepared: typeof preparedStrings
  notificationList: typeof listStrings
  mentions: typeof mentionStrings
  mail: typeof mailStrings
  settings: typeof words
  signatures: typeof signatureWords
  email: typeof emailWords
  views: typeof viewWords
  operators: typeof operatorStrings
  customAttributes: typeof attributeWords
  contacts: typeof contactWords
  companies: typeof companyWords
  canned: typeof cannedWords
  macroSettings: typeof macroWords
}>
