import { activityStrings } from './activity-strings.ts'

/** The texts about colleagues, inboxes, and the names of the settings. */
export const peopleStrings = {
  activity: activityStrings,
  availability: {
    title: 'Availability',
    names: { online: 'Online', busy: 'Busy', offline: 'Offline' },
    hints: {
      online: 'Your teams can assign conversations to you.',
      busy: 'You are here, but your teams assign nothing to you.',
      offline: 'Others see you as away, and your teams assign nothing to you.',
    },
    isNow: (name: string) => `Your availability: ${name}`,
  },

  inboxes: {
    none: 'You are not a member of an inbox yet.',
    ask: 'Ask an administrator to add you to one:',
    yours: 'Your inboxes',
  },

  /** The names of the pages of the settings. */
  settingsPages: {
    profile: 'Profile',
    notifications: 'Notifications',
    tokens: 'Access tokens',
    'canned-responses': 'Canned responses',
    views: 'Views',
    macros: 'Macros',
    inboxes: 'Inboxes',
    agents: 'Agents',
    teams: 'Teams',
    labels: 'Labels',
    'custom-attributes': 'Custom attributes',
    bots: 'Bots',
    webhooks: 'Webhooks',
  },
}
