/** What a mail contains: the same as text and as HTML, and pictures that the HTML shows, by their content ids. */
export interface MailContent {
  text: string
  html: string
  pictures?: Readonly<Record<string, Buffer>>
}

/** Returns the part of a mail below its header, with the fields that describe it: the `body` of `mail()` of test/mails.ts. */
export function bodyOf({ text, html, pictures = {} }: MailContent): string {
  const both = [part('text/plain; charset=utf-8', text), part('text/html; charset=utf-8', html)]
  const inline = Object.entries(pictures).map(([id, bytes]) =>
    part('image/png; name="picture.png"', bytes, [`Content-ID: <${id}>`, 'Content-Disposition: inline']),
  )
  const shown = container('alternative', both)
  return `MIME-Version: 1.0\n${inline.length > 0 ? container('related', [shown, ...inline]) : shown}`
}

function part(type: string, content: string | Buffer, header: readonly string[] = []): string {
  const lines = Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\n')
  return [`Content-Type: ${type}`, 'Content-Transfer-Encoding: base64', ...header, '', lines].join('\n')
}

function container(kind: string, parts: readonly string[]): string {
  const boundary = `==${kind}==`
  const inside = parts.map((one) => `--${boundary}\n${one}\n`).join('')
  return `Content-Type: multipart/${kind}; boundary="${boundary}"\n\n${inside}--${boundary}--\n`
}
