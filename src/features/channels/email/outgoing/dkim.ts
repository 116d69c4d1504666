import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { Problem } from '../../../inboxes/channels.ts'
import type { DnsRecord } from '../schema.ts'
import type { DkimKey } from './compose.ts'

/** The record that publishes the public half of a key (RFC 6376); null if the key cannot be read. */
export function dkimRecord({ domain, selector, private_key }: DkimKey): DnsRecord | null {
  const key = privateKeyOf(private_key)
  if (!key) return null
  const published = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
  return { name: `${selector}._domainkey.${domain}`, value: `v=DKIM1; k=rsa; p=${published}` }
}

/** What is wrong with a key: without this check, the first mail that is signed with it would fail. */
export function dkimProblems({ private_key }: DkimKey): Problem[] {
  const field = 'smtp.dkim.private_key'
  const key = privateKeyOf(private_key)
  if (key?.asymmetricKeyType !== 'rsa')
    return [{ field, message: 'must be an RSA private key in PEM format' }]
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  // Receivers ignore shorter ones (RFC 8301).
  return bits < 1024 ? [{ field, message: 'must have at least 1024 bits, better 2048' }] : []
}

function privateKeyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    return undefined
  }
}
