/**
 * The one spelling of an e-mail address that is stored and looked up: lower case, in Unicode's composed form (NFC).
 * Without the latter, two ways to type the same "é" are two users.
 */
export function normalizeEmail(email: string): string {
  return email.toLowerCase().normalize('NFC')
}
