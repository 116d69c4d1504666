import { randomBytes } from 'node:crypto'

const longest = 200
// Control characters, and those that turn the direction of a text: `exe.gnp` must not read as `png.exe`.
const hostile = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu

/** A new name in the storage, and the random key in it: 128 bits in hex. */
export function newKey(): string {
  return randomBytes(16).toString('hex')
}

/** Where in the storage a file is; an account's are together, 256 folders keep each small. */
export function storedName(accountId: number, key: string): string {
  return `${accountId}/${key.slice(0, 2)}/${key}`
}

/** The thumbnail of a file. */
export function thumbnailName(name: string): string {
  return `${name}.thumbnail`
}

/** The name that a sender gave, as it may be shown and saved: its last part, without what could deceive; made up where nothing is left. */
export function shownName(given: string | undefined, kind: string, extension: string | undefined): string {
  const last = (given ?? '').split(/[/\\]/).at(-1)!
  const clean = last
    .toWellFormed()
    .replace(/\uFFFD/g, '_')
    .replace(hostile, '')
    .trim()
  if (/^\.*$/.test(clean)) return extension ? `${kind}.${extension}` : kind
  const [, stem, end] = /^(.*?)(\.[^.]{1,20})?$/su.exec(clean) as unknown as [
    string,
    string,
    string | undefined,
  ]
  return [...stem].slice(0, longest).join('') + (end ?? '')
}

/** A `Content-Disposition` (RFC 6266) with the name in every spelling that clients read (RFC 8187). */
export function disposition(how: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7E]|["\\%]/g, '_')
  const spelled = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${how}; filename="${plain}"; filename*=UTF-8''${spelled}`
}
