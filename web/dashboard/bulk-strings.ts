import { number, plural } from './language.ts'

/** The texts about selecting conversations and changing them together. */
export const bulkStrings = {
  label: 'Selected conversations',
  select: (name: string) => `Select the conversation with ${name}`,
  selectLoaded: 'Select the conversations in the list',
  count: (count: number) => `${number(count)} selected`,
  all: 'All in this view selected',
  selectAll: 'Select all in this view',
  clear: 'Clear selection',
  tooMany: (most: number) => `Only the first ${number(most)} are changed.`,
  action: 'Action',
  choose: 'Choose an action',
  apply: 'Apply',
  groups: {
    status: 'Status',
    assignee: 'Assignee',
    team: 'Team',
    priority: 'Priority',
    addLabel: 'Add label',
    removeLabel: 'Remove label',
  },
  resolve: 'Resolve',
  collecting: 'Listing the conversations…',
  running: (done: number, total: number) => `${number(done)} of ${number(total)} changed`,
  undoing: (done: number, total: number) => `${number(done)} of ${number(total)} undone`,
  done: (count: number) => `${conversations(count)} changed`,
  stopped: (done: number, total: number) => `Stopped after ${number(done)} of ${conversations(total)}`,
  undone: (count: number) => `${conversations(count)} undone`,
  failed: (count: number, why: string) => `${conversations(count)} not changed: ${why}`,
  kept: (count: number) => `${conversations(count)} left as they are, because they have changed since.`,
  capped: 'The view has more conversations: repeat the action for the next ones.',
  progress: 'Progress',
  stop: 'Stop',
  undo: 'Undo',
}

function conversations(count: number): string {
  return plural(count, { one: '# conversation', other: '# conversations' })
}
