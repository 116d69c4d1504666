import type { Contact } from '../data/api-types.ts'

// The API's name for contacts who have given none.
const noName = 'Visitor'

/** What remains of two contacts that are merged, by the rules of the server. */
export function mergedContact(base: Contact, other: Contact) {
  return {
    name: base.name === noName ? other.name : base.name,
    email: base.email ?? other.email,
    phone_number: base.phone_number ?? other.phone_number,
    identifier: base.identifier ?? other.identifier,
    blocked: base.blocked || other.blocked,
    labels: [...new Set([...base.labels, ...other.labels])].sort(),
    custom_attributes: { ...other.custom_attributes, ...base.custom_attributes },
  }
}
