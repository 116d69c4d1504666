import { localized } from '../language.ts'

/** The texts about drafts, signatures and sending later in the composer. */
export const writingStrings = localized('writing', {
  otherDraft: 'You have written another text here in another browser:',
  useOther: 'Use that text',
  keepMine: 'Keep this text',
  repliedMeanwhile: (name: string) => `${name} has replied since you began to write:`,
  sendsAgain: 'Send again if the customer needs your reply, too.',
  sign: 'Add my signature',
  answers: (name: string) => `Reply to ${name}`,
  answersNothing: 'Reply to no message in particular',
  later: 'Send later',
  laterTimes: { hour: 'In an hour', tomorrow: 'Tomorrow morning', week: 'On Monday morning' },
  laterTime: 'At another time',
  schedule: 'Schedule',
  cancelledByReply: 'Cancel it if the customer replies before',
})
