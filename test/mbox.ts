/** The bytes of an mbox file (mboxrd) with these mails. */
export function mbox(...mails: Buffer[]): Buffer {
  return Buffer.from(mails.map(quoted).join(''), 'latin1')
}

function quoted(raw: Buffer): string {
  const text = raw.toString('latin1').replace(/(^|\n)(>*From )/g, '$1>$2')
  return `From - Tue Jan  2 10:00:00 2024\n${text}${text.endsWith('\n') ? '' : '\n'}\n`
}
