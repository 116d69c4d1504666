import { readFileSync } from 'node:fs'

export const languages = ['JavaScript', 'Python', 'PHP', 'Dart', 'Ruby'] as const
export type Language = (typeof languages)[number]

/** The headings of the sections that contain examples, in the order of the page. */
export const calls = [
  'List messages',
  'Send a message',
  'Sending a private note',
  'Delete a message',
] as const
export type Call = (typeof calls)[number]

export interface Example {
  language: Language
  call: Call
  code: string
}

const page = readFileSync(new URL('../../docs/messages-api.md', import.meta.url), 'utf8')

const fences: Record<Language, string> = {
  JavaScript: 'js',
  Python: 'python',
  PHP: 'php',
  Dart: 'dart',
  Ruby: 'ruby',
}

/** Returns all examples of the reference page. */
export function examples(): Example[] {
  const sections = page.split(new RegExp(`^#+ (?=(?:${calls.join('|')})\\n)`, 'm'))
  return calls.flatMap((call) => {
    const section = sections.find((text) => text.startsWith(`${call}\n`)) ?? ''
    return languages.flatMap((language) => {
      const code = new RegExp(`^\`\`\`${fences[language]}\n(.*?)^\`\`\`$`, 'ms').exec(section)?.[1]
      return code ? [{ language, call, code }] : []
    })
  })
}

/** Returns an example as a program. The page shows imports only in the first example of a language, so they are added. */
export function program(all: readonly Example[], { language, code }: Example): string {
  const first = all.find((example) => example.language === language)!
  const loads = first.code.match(/^(import|require) .*$/gm) ?? []
  const missing = loads.filter((line) => !code.includes(line))
  return [...missing, code].join('\n')
}

/** Returns the response that the page shows for the list. */
export function shownResponse(): unknown {
  return JSON.parse(/^```json\n(.*?)^```$/ms.exec(page)![1]!)
}
