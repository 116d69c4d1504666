/** The texts about who follows a conversation. */
export const participantStrings = {
  title: 'Participants',
  hint: 'They are notified of new messages.',
  none: 'Nobody follows this conversation.',
  follow: 'Follow',
  leave: 'Stop following',
  add: 'Add participant…',
  remove: (name: string) => `Remove ${name} from the participants`,
}
