import { dirname, join } from 'node:path/posix'
import { cycles, importsOf } from './architecture.ts'

const longest = 300
const forbiddenNames = /(?:^|\/)(?:index|utils?|helpers?|common|misc)(?:\.test)?\.tsx?$/i
const shapes = /^src\/(?:features\/(?:channels\/)?[\w-]+\/schema|lib\/error-codes)\.ts$/

/**
 * Returns what breaks the rules for `web` and the SDK, as sentences. `files` has the text of each file by its path from the root of
 * the project. Tests may import everything.
 */
export function webViolations(files: Record<string, string>): string[] {
  const own = Object.entries(files).filter(([file]) => !/\.test\.tsx?$/.test(file))
  const edges = own.flatMap(([file, text]) => importsOf(file, text).map((target) => ({ file, target })))
  const circles = cycles(edges).map(({ evidence }) => `${evidence} is a cycle`)
  const others = own.flatMap(([file, text]) => {
    const lines = text.trimEnd().split('\n').length
    return [
      ...importsOf(file, text).flatMap((target) => wrongImport(file, target, text)),
      ...(lines > longest ? [`${file} has ${lines} lines`] : []),
      ...(forbiddenNames.test(file) ? [`${file} has a meaningless name`] : []),
      ...(/\b(?:innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML)\b/.test(text)
        ? [`${file} turns text into HTML`]
        : []),
    ]
  })
  return [...circles, ...others]
}

function wrongImport(file: string, target: string, text: string): string[] {
  const wrong = [`${file} imports ${target}`]
  if (target.startsWith('node:')) return wrong
  if (file.startsWith('sdk/')) return target.startsWith('sdk/typescript/src/') ? [] : wrong
  if (!target.includes('/') || !/\.tsx?$/.test(target)) return []
  // It has no imports but its own, and needs neither Node.js nor a browser.
  if (target.startsWith('src/lib/text/')) return []
  if (target.startsWith('src/')) {
    return shapes.test(target) && areTypesOnly(file, target, text) ? [] : wrong
  }
  if (target.startsWith('sdk/typescript/src/')) return []
  const [, part] = /^web\/([\w-]+)\//.exec(file) ?? []
  return target.startsWith(`web/${part}/`) || target.startsWith('web/shared/') ? [] : wrong
}

function areTypesOnly(file: string, target: string, text: string): boolean {
  const statements = text.match(/\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"][^'"]+['"]/g) ?? []
  return statements
    .filter((statement) => join(dirname(file), /['"]([^'"]+)['"]$/.exec(statement)![1]!) === target)
    .every((statement) => /^(?:import|export)\s+type\b/.test(statement))
}
