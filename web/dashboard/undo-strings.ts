/** The texts about what was done and can be undone. */
export const undoStrings = {
  undo: 'Undo',
  macro: (name: string) => `“${name}” was run`,
  status: (id: number, status: string) => `Conversation #${id}: ${status.toLowerCase()}`,
  assigned: (id: number) => `The assignment of #${id} was changed`,
  merged: (id: number, into: number) => `#${id} was merged into #${into}`,
  split: (id: number, from: number) => `#${id} was split from #${from}`,
  deleted: 'The message was deleted',
  sent: 'The message was sent',
  mailSent: 'The mail is sent in a moment',
}
