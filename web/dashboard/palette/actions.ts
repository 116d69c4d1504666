import type { Company, Contact, Conversation, Priority } from '../data/api-types.ts'
import { assignableIn, botsFor } from '../data/assignable.ts'
import { availabilities, availability, chooseAvailability } from '../data/availability.ts'
import {
  assignTeam,
  assignTo,
  assignToBot,
  changeLabels,
  changePriority,
  changeStatus,
  markSpam,
  spamLabel,
} from '../data/changes.ts'
import { contactName } from '../data/contact-name.ts'
import { conversationSignal } from '../data/conversations.ts'
import { isMailInbox, labels, mailInboxes, teams, views } from '../data/directory.ts'
import { addressOf, type Filter, searchOf, specialLists } from '../data/filter.ts'
import { macros } from '../data/macros.ts'
import { areDetailsShown, enterSends, showDetails, theme, themes } from '../data/preferences.ts'
import { isAdministrator, profile } from '../data/session.ts'
import type { IconName } from '../icons.tsx'
import { openMacro } from '../macros/chosen-macro.ts'
import { doesSomething, type KeyName, keyNames, press } from '../parts/keys.ts'
import { openMailDialog } from '../parts/mail-purpose.ts'
import { confirmSignOut } from '../parts/sign-out.ts'
import { endOfSnooze, snoozes } from '../parts/snooze.tsx'
import { go, isWorkspace, openConversation, path } from '../router.ts'
import { settingsPages } from '../settings-pages.ts'
import { strings } from '../strings.ts'
import { fitOf } from './fuzzy.ts'

/** A command of the palette. */
export interface Action {
  text: string
  icon: IconName
  /** The keyboard shortcut that does the same. */
  key?: KeyName
  act(): void
}

const t = strings.palette
const most = 80
const priorities: Priority[] = ['urgent', 'high', 'medium', 'low']
const tabs = ['me', 'unassigned', 'all'] as const
const statuses = ['open', 'pending', 'snoozed', 'resolved', 'all'] as const

/** Returns the commands that match a typed text, best match first, and the contacts and companies that it finds. */
export function actionsFor(
  typed: string,
  contacts: readonly Contact[],
  companies: readonly Company[],
): Action[] {
  const text = typed.trim()
  const fitting = everything()
    .map((action) => ({ action, fit: fitOf(action.text, text) }))
    .filter(({ fit }) => fit > 0)
    .sort((one, other) => other.fit - one.fit)
    .map(({ action }) => action)
  // Contacts come last, because they arrive later and must not move what is chosen.
  const people = [...contacts.map(ofContact), ...companies.map(ofCompany)]
  return [...byNumber(text), ...fitting.slice(0, most), ...bySearch(text), ...people]
}

function byNumber(text: string): Action[] {
  const [, number] = /^#?([1-9]\d{0,14})$/.exec(text) ?? []
  if (number === undefined) return []
  return [{ text: t.open(number), icon: 'chat', act: () => go(addressOf(Number(number))) }]
}

function bySearch(text: string): Action[] {
  if (text === '') return []
  return [{ text: t.search(text), icon: 'search', act: () => show({ tab: 'all', status: 'all', q: text }) }]
}

function ofContact(contact: Contact): Action {
  const name = contactName(contact)
  const address = contact.email || contact.phone_number
  return {
    text: t.contact(address && address !== name ? `${name} (${address})` : name),
    icon: 'person',
    act: () => show({ tab: 'all', status: 'all', q: address || name }),
  }
}

function ofCompany({ id, name }: Company): Action {
  return { text: strings.nav.company(name), icon: 'people', act: () => go(`/companies/${id}`) }
}

function everything(): Action[] {
  const conversation = conversationSignal(openConversation.value ?? 0)
  return [...ofKeys(), ...(conversation ? ofConversation(conversation.value) : []), ...ofLists(), ...ofPage()]
}

function ofKeys(): Action[] {
  return keyNames
    .filter((name) => name !== 'palette' && doesSomething(name))
    .map((key) => ({ text: strings.keys[key], icon: icons[key], key, act: () => press(key) }))
}

const icons: Record<KeyName, IconName> = {
  palette: 'search',
  search: 'search',
  next: 'down',
  previous: 'up',
  select: 'check',
  reply: 'reply',
  note: 'lock',
  resolve: 'check',
  open: 'reply',
  pending: 'clock',
  notifications: 'bell',
  mute: 'bellOff',
  macro: 'bolt',
  merge: 'merge',
  quote: 'quote',
  undo: 'back',
  approve: 'send',
  edit: 'edit',
  refuse: 'close',
  snooze: 'clock',
  busy: 'moon',
  help: 'help',
}

function ofConversation(conversation: Conversation): Action[] {
  const { id, status, meta, priority, labels: titles } = conversation
  const me = profile.value!.id
  const action = (text: string, icon: IconName, act: () => unknown): Action => ({ text, icon, act })
  const whenNot = (is: boolean, ...all: Action[]) => (is ? [] : all)
  const { details } = strings
  return [
    ...whenNot(
      meta.assignee?.id === me,
      action(details.takeIt, 'person', () => assignTo(conversation, me)),
    ),
    ...(status === 'snoozed'
      ? [action(details.wake, 'clock', () => changeStatus(id, 'open'))]
      : snoozes.map((kind) =>
          action(t.snooze(details.snoozes[kind]), 'clock', () =>
            changeStatus(id, 'snoozed', endOfSnooze(kind)),
          ),
        )),
    ...whenNot(
      !isMailInbox(conversation.inbox_id) || titles.includes(spamLabel),
      action(t.spam, 'warning', () => markSpam(id, true)),
    ),
    ...[...priorities, null].flatMap((value) =>
      whenNot(
        value === priority,
        action(t.priority(value ? details.priorities[value] : details.noPriority), 'flag', () =>
          changePriority(id, value),
        ),
      ),
    ),
    ...(macros.value ?? []).map(({ id: macro, name }) =>
      action(t.macro(name), 'bolt', () => openMacro(macro)),
    ),
    action(areDetailsShown.value ? strings.thread.hideDetails : strings.thread.showDetails, 'panel', () =>
      showDetails(!areDetailsShown.value),
    ),
    ...labels.value.map(({ title }) =>
      titles.includes(title)
        ? action(details.removeLabel(title), 'tag', () =>
            changeLabels(
              id,
              titles.filter((other) => other !== title),
            ),
          )
        : action(t.label(title), 'tag', () => changeLabels(id, [...titles, title])),
    ),
    ...teams.value.flatMap((team) =>
      whenNot(
        meta.team?.id === team.id,
        action(t.team(team.name), 'people', () => assignTeam(id, team.id)),
      ),
    ),
    ...whenNot(
      meta.team === null,
      action(t.noTeam, 'people', () => assignTeam(id, null)),
    ),
    ...assignableIn(conversation.inbox_id).flatMap((agent) =>
      whenNot(
        agent.id === me || agent.id === meta.assignee?.id,
        action(t.assign(agent.name), 'person', () => assignTo(conversation, agent.id)),
      ),
    ),
    ...Object.values(botsFor(conversation.inbox_id))
      .flat()
      .flatMap((bot) =>
        whenNot(
          bot.id === meta.bot?.id,
          action(t.assign(strings.details.bot(bot.name)), 'person', () => assignToBot(conversation, bot.id)),
        ),
      ),
    ...whenNot(
      meta.assignee === null,
      action(t.unassign, 'person', () => assignTo(conversation, null)),
    ),
  ]
}

function ofLists(): Action[] {
  return [
    ...tabs.map(
      (tab): Action => ({ text: t.show(strings.list.tabs[tab]), icon: 'chat', act: () => show({ tab }) }),
    ),
    ...statuses.map(
      (status): Action => ({
        text: t.status(strings.list.statuses[status]),
        icon: 'filter',
        act: () => show({ status }),
      }),
    ),
    ...specialLists.map(
      (specialList): Action => ({
        text: t.show(strings.list.specialLists[specialList]),
        icon: 'filter',
        act: () => show({ specialList }),
      }),
    ),
    ...views.value.map(
      ({ id, name }): Action => ({ text: t.view(name), icon: 'filter', act: () => show({ view: id }) }),
    ),
  ]
}

function show(changes: Partial<Filter>): void {
  go((isWorkspace.value ? path.value : '/') + searchOf(changes))
}

function ofPage(): Action[] {
  return [
    ...availabilities
      .filter((name) => name !== availability.value)
      .map(
        (name): Action => ({
          text: t.availability(strings.availability.names[name]),
          icon: 'person',
          act: () => chooseAvailability(name),
        }),
      ),
    ...themes.map(
      (name): Action => ({
        text: t.theme(strings.nav.themes[name]),
        icon: name === 'dark' ? 'moon' : 'sun',
        act: () => {
          theme.value = name
        },
      }),
    ),
    {
      text: enterSends.value ? t.enterBreaks : t.enterSends,
      icon: 'send',
      act: () => {
        enterSends.value = !enterSends.value
      },
    },
    ...(mailInboxes().length > 0
      ? [{ text: strings.list.newMail, icon: 'edit', act: () => openMailDialog({ to: '' }) } as const]
      : []),
    { text: strings.nav.conversations, icon: 'chat', act: () => go(`/${searchOf({})}`) },
    { text: strings.nav.contacts, icon: 'people', act: () => go('/contacts') },
    { text: strings.nav.companies, icon: 'people', act: () => go('/companies') },
    ...settingsPages
      .filter(({ isForAdministrators }) => !isForAdministrators || isAdministrator.value)
      .map(
        ({ name }): Action => ({
          text: t.settings(strings.settingsPages[name]),
          icon: 'settings',
          act: () => go(`/settings/${name}`),
        }),
      ),
    { text: strings.nav.signOut, icon: 'leave', act: () => void confirmSignOut() },
  ]
}
