import { localized } from '../language.ts'
import { strings } from '../strings.ts'
import { accountWords } from './account-strings.ts'
import { botWords } from './bot-strings.ts'
import { firstWords } from './first-strings.ts'
import { notificationWords } from './notification-strings.ts'
import { preChatWords } from './pre-chat-strings.ts'
import { pushWords } from './push-strings.ts'
import { webhookWords } from './webhook-strings.ts'

/*
 * All texts of the settings; ../strings.ts has the rest.
 */
export const words = localized('settings', {
  optional: '(optional)',
  save: 'Save',
  working: 'Please wait…',
  saved: 'Saved',
  copy: 'Copy',
  copied: 'Copied',
  copyWhat: (verb: string, what: string) => `${verb}: ${what}`,
  copyByHand: 'Your browser does not allow copying. The text is selected: press Ctrl+C or ⌘C.',
  never: 'never',

  nav: {
    you: 'You',
    pages: strings.settingsPages,
    administratorsOnly: 'Only administrators can change this.',
  },

  profile: {
    lead: 'How customers and colleagues see you, and how you sign in.',
    aboutYou: 'About you',
    name: 'Name',
    nameHint: 'Shown to customers above your replies.',
    language: 'Language',
    languageLead: 'The language of this dashboard, in all browsers in which you sign in.',
    browserLanguage: (name: string) => `Browser: ${name}`,
    changeLanguage: 'Change language',
    email: 'Email address',
    emailLead: (email: string) =>
      `You sign in with ${email}. A new address counts once you have opened the link that is sent there.`,
    newEmail: 'New email address',
    changeEmail: 'Send link',
    emailSent: 'Open the link in the message that was sent to the new address.',
    password: 'Password',
    passwordLead: 'Changing your password signs you out in all other browsers.',
    endTokens: 'Also revoke my access tokens',
    endTokensHint: 'Programs that use them stop working until they get new ones.',
    current: 'Current password',
    next: 'New password',
    nextHint: 'At least 8 characters.',
    change: 'Change password',
    sessions: 'Where you are signed in',
    sessionsLead:
      'You are signed out 30 days after your last visit, and 90 days after you signed in at the latest. If you do not recognize a browser, end its session and change your password.',
    thisSession: 'This browser',
    sessionFacts: (used: string, began: string) => `last used ${used} · signed in ${began}`,
    endSession: 'End',
    endSessionOf: (browser: string) => `End session: ${browser}`,
    endOthers: 'End all other sessions',
    endOthersTitle: 'End all other sessions?',
    endOthersText: 'You are signed out in all other browsers immediately.',
  },

  tokens: {
    lead: 'With a token, a program acts as you. It can do what you can, within the scope of the token.',
    none: 'No access tokens yet',
    list: 'Your tokens',
    make: 'Create token',
    makeTitle: 'New token',
    settings: 'Settings',
    name: 'Name',
    nameHint: 'What the token is for.',
    namePlaceholder: 'Order system',
    current: 'Your password',
    currentHint: 'Required because this token can do everything that you can.',
    scopes: 'Scope',
    scope: { read: 'Read', write: 'Read and write', admin: 'Administer' },
    scopeHints: {
      read: 'Can see everything that you can see.',
      write: 'Can also send messages, and change conversations and contacts.',
      admin: 'Can also change inboxes, agents, webhooks and all other settings.',
    },
    end: 'Expires',
    ends: {
      0: 'Never',
      7: 'After 7 days',
      30: 'After 30 days',
      90: 'After 90 days',
      365: 'After a year',
    },
    endsAt: (when: string) => `expires ${when}`,
    endedAt: (when: string) => `expired ${when}`,
    endsNever: 'does not expire',
    usedAt: (when: string) => `last used ${when}`,
    unused: 'not used yet',
    createdAt: (when: string) => `created ${when}`,
    all: 'Access tokens',
    allLead: 'Programs use them to act as a member of this account. Removing an agent revokes their tokens.',
    noneOfAll: 'No access tokens yet',
    revokeOneOf: (name: string, agent: string) => `Revoke ${name} of ${agent}`,
    secretTitle: (name: string) => `Token “${name}”`,
    secretLead: 'It is shown only once: copy it now, and store it in a safe location.',
    secret: 'Token',
    copied: 'I have copied it',
    revoke: 'Revoke',
    revokeOne: (name: string) => `Revoke ${name}`,
    revokeTitle: (name: string) => `Revoke “${name}”?`,
    revokeText: 'Programs that use this token stop working immediately. This cannot be undone.',
  },

  ...accountWords,
  notifications: notificationWords,
  preChat: preChatWords,
  push: pushWords,
  bots: botWords,
  webhooks: webhookWords,
  first: firstWords,
})
