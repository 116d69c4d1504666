/** What an agent writes into the head of a mail, as it is in the fields. */
export interface MailDraft {
  cc: string
  bcc: string
  subject: string
}

/** Returns what the API gets of the head of a mail; undefined if nothing is in it. */
export function mailAttributes({ cc, bcc, subject }: MailDraft): object | undefined {
  const attributes = {
    ...(subject.trim() === '' ? {} : { subject: subject.trim() }),
    ...listed('cc_emails', cc),
    ...listed('bcc_emails', bcc),
  }
  return Object.keys(attributes).length > 0 ? attributes : undefined
}

/** Returns the first of the addresses in a field that cannot be one. */
export function wrongAddress(text: string): string | undefined {
  return addressesIn(text).find(
    (address) => !/^[^\s@<>()",;:\\[\]]{1,64}@[^\s@<>()",;:\\[\]]+\.[^\s@.]+$/.test(address),
  )
}

function listed(name: string, text: string): object {
  const addresses = addressesIn(text)
  return addresses.length > 0 ? { [name]: addresses } : {}
}

/** The addresses in a text such as `Jane <jane@example.com>, bob@example.com`. */
export function addressesIn(text: string): string[] {
  const parts = text.split(/[,;\n]/).map((part) => part.trim())
  return parts.filter(Boolean).map((part) => /<([^<>]*)>$/.exec(part)?.[1]?.trim() ?? part)
}

/** The first address in the head of a mail that cannot be one, and its field. */
export function firstWrong(head: MailDraft): { field: 'cc' | 'bcc'; address: string } | undefined {
  for (const field of ['cc', 'bcc'] as const) {
    const address = wrongAddress(head[field])
    if (address !== undefined) return { field, address }
  }
  return undefined
}
