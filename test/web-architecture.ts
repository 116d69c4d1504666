import { dirname, join } from 'node:path/posix'
import { importsOf } from './architecture.ts'

const longest = 300
const forbiddenNames = /(?:^|\/)(?:index|utils?|helpers?|common|misc)(?:\.test)?\.tsx?$/i
const ofTheServer = /^src\/features\/[\w-]+\/schema\.ts$/

/**
 * Whatever in `web` breaks the rules of ARCHITECTURE.md, as sentences; `files` has the text of each file by its path from
 * the project's root. Tests may look everywhere.
 */
export function webViolations(files: Record<string, string>): string[] {
  return Object.entries(files).flatMap(([file, text]) => {
    if (/\.test\.tsx?$/.test(file)) return []
    const lines = text.trimEnd().split('\n').length
    return [
      ...importsOf(file, text).flatMap((target) => wrongImport(file, target, text)),
      ...(lines > longest ? [`${file} has ${lines} lines`] : []),
      ...(forbiddenNames.test(file) ? [`${file} has a name that says nothing`] : []),
      ...(/\b(?:innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML)\b/.test(text)
        ? [`${file} makes a page of a text`]
        : []),
    ]
  })
}

function wrongImport(file: string, target: string, text: string): string[] {
  if (!target.includes('/') || !/\.tsx?$/.test(target)) return []
  const wrong = [`${file} imports ${target}`]
  if (target.startsWith('src/')) {
    return ofTheServer.test(target) && areTypesOnly(file, target, text) ? [] : wrong
  }
  const [, part] = /^web\/(\w+)\//.exec(file) ?? []
  return target.startsWith(`web/${part}/`) || target.startsWith('web/shared/') ? [] : wrong
}

function areTypesOnly(file: string, target: string, text: string): boolean {
  const statements = text.match(/\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"][^'"]+['"]/g) ?? []
  return statements
    .filter((statement) => join(dirname(file), /['"]([^'"]+)['"]$/.exec(statement)![1]!) === target)
    .every((statement) => /^(?:import|export)\s+type\b/.test(statement))
}
