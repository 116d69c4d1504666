import { readFileSync } from 'node:fs'

export const languages = ['JavaScript', 'Python', 'PHP', 'Dart', 'Ruby'] as const
export type Language = (typeof languages)[number]

/** The parts of the page that hold examples, in its order; what each is called is its heading there. */
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
  /** As it stands on the page. */
  code: string
}

const page = new URL('../../docs/messages-api.txt', import.meta.url)

// The page marks neither where an example begins nor its language, but the first lines are of a few kinds only.
const firstLines: Record<Language, RegExp> = {
  JavaScript: /^(const response = await fetch\(|\/\/ )/,
  Python: /^(import requests$|response = requests\.)/,
  PHP: /^<\?php$/,
  Dart: /^(import 'package:|final response = )/,
  Ruby: /^(require '|uri = URI\()/,
}

/** All examples of the reference page. */
export function examples(): Example[] {
  const found: Example[] = []
  let call: Call | undefined
  let language: Language | undefined
  for (const line of readFileSync(page, 'utf8').split('\n')) {
    const heading = calls.find((one) => one === line)
    if (heading || line === 'On this page') {
      call = heading
      language = undefined
    }
    if (!call) continue
    const next = languages.find((one) => firstLines[one].test(line))
    if (next && next !== language) {
      language = next
      found.push({ language, call, code: '' })
    }
    if (language) found.at(-1)!.code += `${line}\n`
  }
  return found.map((example) => ({ ...example, code: `${example.code.trimEnd()}\n` }))
}

/** An example as a program: the page shows what a language has to load in its first example only. */
export function program(all: readonly Example[], { language, code }: Example): string {
  const first = all.find((example) => example.language === language)!
  const loads = first.code.match(/^(import|require) .*$/gm) ?? []
  const missing = loads.filter((line) => !code.includes(line))
  return [...missing, code].join('\n')
}

/** The answer that the page shows for the list. */
export function shownAnswer(): unknown {
  return JSON.parse(/^\{\n {2}"payload".*?^\}$/ms.exec(readFileSync(page, 'utf8'))![0])
}
