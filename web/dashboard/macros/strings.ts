import { localized } from '../language.ts'

/** The texts about running a macro. */
export const macroStrings = localized('macros', {
  title: 'Run a macro',
  choose: 'Choose a macro',
  none: 'No macros yet.',
  create: 'Create one',
  preview: (name: string) => `Run “${name}”?`,
  run: 'Run',
  whatItDoes: 'What it would do',
  others: 'Other macros',
  nothing: 'It changes nothing in this conversation.',
  sends: 'Sends',
  notes: 'Adds a note',
  changes: 'Changes',
  fields: {
    status: 'Status',
    snoozed_until: 'Snoozed until',
    priority: 'Priority',
    assignee_id: 'Assignee',
    team_id: 'Team',
    labels: 'Labels',
    custom_attributes: 'Attributes',
    blocked: 'Contact blocked',
  } as Record<string, string>,
  /** What is read out for an arrow. */
  becomes: 'becomes',
})
