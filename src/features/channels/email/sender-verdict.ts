import { headerOf, type ParsedMail } from './parsed-mail.ts'

/**
 * Whether `relay` says that the address in From is genuine (RFC 8601): by DMARC, or by DKIM or SPF for the same domain. Only
 * its newest field counts, which is the first one: those below may have been in the mail when it arrived.
 */
export function isSenderVerified(mail: ParsedMail, relay: string | null | undefined): boolean {
  const domain = mail.from?.address.split('@').at(-1)?.toLowerCase()
  if (!relay || !domain || fromFields(mail) !== 1) return false
  const results = mail.headers
    .filter(({ name }) => name.toLowerCase() === 'authentication-results')
    .map(({ value }) => parseResults(value))
  const own = results.find(({ server }) => server === relay.toLowerCase())
  if (!own) return false
  const dmarc = own.methods.filter(({ method }) => method === 'dmarc')
  if (dmarc.length > 0)
    return dmarc.every((one) => one.result === 'pass' && isFor(one.properties['header.from'], domain))
  return own.methods.some(({ method, result, properties }) => {
    if (result !== 'pass') return false
    if (method === 'dkim') return isFor(properties['header.d'] ?? domainOf(properties['header.i']), domain)
    return method === 'spf' && isFor(domainOf(properties['smtp.mailfrom']), domain)
  })
}

function fromFields({ headers }: ParsedMail): number {
  return headers.filter(({ name }) => name.toLowerCase() === 'from').length
}

/** The domain of the sender, or one above it that is not a top-level domain. */
function isFor(claimed: string | undefined, domain: string): boolean {
  const name = claimed?.toLowerCase()
  if (!name?.includes('.')) return false
  return name === domain || domain.endsWith(`.${name}`)
}

function domainOf(address: string | undefined): string | undefined {
  return address?.split('@').at(-1)
}

interface Result {
  method: string
  result: string
  properties: Record<string, string>
}

/** Parses an Authentication-Results field. Comments and what does not fit the grammar are left out. */
function parseResults(value: string): { server: string; methods: Result[] } {
  const [head = '', ...rest] = withoutComments(value.slice(0, 10_000)).split(';')
  // A version may follow the name.
  const server = head.trim().split(/\s/)[0]!.replace(/^"|"$/g, '').toLowerCase()
  const methods = rest.flatMap((part): Result[] => {
    const words = part.trim().split(/\s+/)
    const pairs = words.map((word) =>
      word.split('=', 2).map((side) => side.replace(/^"|"$/g, '').toLowerCase()),
    )
    const [method, result] = pairs[0] ?? []
    if (!method || !result) return []
    const properties = pairs.slice(1).filter(([, text]) => text !== undefined) as [string, string][]
    return [{ method: method.split('/')[0]!, result, properties: Object.fromEntries(properties) }]
  })
  return { server, methods }
}

/** Comments can contain semicolons and be nested. What is quoted must not separate anything either. */
function withoutComments(text: string): string {
  let depth = 0
  let isQuoted = false
  let result = ''
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!
    if (character === '\\' && (depth > 0 || isQuoted)) index++
    else if (character === '"' && depth === 0) isQuoted = !isQuoted
    else if (character === '(' && !isQuoted) depth++
    else if (character === ')' && !isQuoted && depth > 0) depth--
    else if (depth === 0) result += isQuoted ? character.replace(/[\s;=]/, '_') : character
  }
  return result
}

/** Whether a filter has marked the mail as spam. A sender who forges this harms only themselves. */
export function isMarkedAsSpam(mail: ParsedMail): boolean {
  const says = (name: string) => /^\s*(?:yes|true)\b/i.test(headerOf(mail, name) ?? '')
  return says('x-spam-flag') || says('x-spam-status') || says('x-spam')
}
