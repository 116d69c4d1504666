import { randomBytes } from 'node:crypto'

const maxLength = 200
// Control characters, and those that reverse the direction of text: `exe.gnp` must not be shown as `png.exe`.
const deceptive = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu

/** Returns a random key for a new file: 128 bits in hex. */
export function newKey(): string {
  return randomBytes(16).toString('hex')
}

/** The name of a file in the storage. The files of an account are distributed among 256 folders, to keep each small. */
export function storedName(accountId: number, key: string): string {
  return `${accountId}/${key.slice(0, 2)}/${key}`
}

/** The name of the thumbnail of a file. */
export function thumbnailName(name: string): string {
  return `${name}.thumbnail`
}

/**
 * Makes the name that a sender has given a file safe to show and save: only its last part, without deceptive characters.
 * Generates a name if nothing is left.
 */
export function displayName(name: string | undefined, kind: string, extension: string | undefined): string {
  const last = (name ?? '').split(/[/\\]/).at(-1)!
  const clean = last
    .toWellFormed()
    .replace(/\uFFFD/g, '_')
    .replace(deceptive, '')
    .trim()
  if (/^\.*$/.test(clean)) return extension ? `${kind}.${extension}` : kind
  const [, stem, end] = /^(.*?)(\.[^.]{1,20})?$/su.exec(clean) as unknown as [
    string,
    string,
    string | undefined,
  ]
  return [...stem].slice(0, maxLength).join('') + (end ?? '')
}

/** A `Content-Disposition` (RFC 6266) with the name in ASCII and in UTF-8 (RFC 8187). */
export function disposition(how: 'inline' | 'attachment', name: string): string {
  const ascii = name.replace(/[^\x20-\x7E]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${how}; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
