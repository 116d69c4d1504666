/** A user or a team that a private note mentions, by the name that they had when it was written. */
export interface Mention {
  type: 'mention'
  kind: 'user' | 'team'
  id: number
  name: string
}

// As Chatwoot stores them. What follows the id is the name once more.
const pattern = /^mention:\/\/(user|team)\/([1-9]\d{0,15})(?:\/|$)/

/** Reads a link of Markdown that is a mention: `[@Kim Lee](mention://user/7/Kim%20Lee)`. */
export function mentionOf(label: string, address: string): Mention | undefined {
  const [, kind, id] = pattern.exec(address) ?? []
  if (!kind || !Number.isSafeInteger(Number(id))) return undefined
  return { type: 'mention', kind: kind as Mention['kind'], id: Number(id), name: label.replace(/^@/, '') }
}
