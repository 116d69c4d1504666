import { dirname, join } from 'node:path/posix'

/** A rule that a file breaks. */
export interface Violation {
  rule: Rule
  file: string
  /** What breaks it. */
  found: string
}

export type Rule =
  | 'floors'
  | 'inside a feature'
  | 'between features'
  | 'the list of features'
  | 'cycles'
  | 'queries'
  | 'environment'
  | 'file names'
  | 'length'
  | 'tests'

/** What is checked: the text of each file by its path below `src`, and the names of the features in their order. */
export interface House {
  files: Record<string, string>
  features: readonly string[]
}

/** All violations of the rules that ARCHITECTURE.md states. */
export function violations(house: House): Violation[] {
  const files = Object.entries(house.files)
  const edges = files.flatMap(([file, text]) => importsOf(file, text).map((target) => ({ file, target })))
  // A test may look everywhere; nothing may look into a test.
  const ours = edges.filter(({ file }) => !isTest(file))
  return [
    ...ours.flatMap((edge) => floors(edge)),
    ...ours.flatMap((edge) => insideAFeature(edge)),
    ...ours.flatMap((edge) => betweenFeatures(edge, house.features)),
    ...ours.flatMap((edge) => tests(edge)),
    ...listOfFeatures(house),
    ...cycles(ours),
    ...files.flatMap(([file]) => fileNames(file)),
    ...files
      .filter(([file]) => !isTest(file))
      .flatMap(([file, text]) => [...queries(file, text), ...environment(file, text), ...length(file, text)]),
  ]
}

interface Edge {
  file: string
  target: string
}

/** What a file imports, dynamically or for its types only too: paths below `src` for ours, bare names for packages. */
export function importsOf(file: string, text: string): string[] {
  const code = withoutComments(text)
  const found = [
    ...code.matchAll(/\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g),
    ...code.matchAll(/\bimport\s*['"]([^'"]+)['"]/g),
    ...code.matchAll(/\bimport\s*\(\s*['"`]([^'"`]+)['"`]/g),
  ].map(([, specifier]) => specifier!)
  return found.map((specifier) => (specifier.startsWith('.') ? join(dirname(file), specifier) : specifier))
}

// Strings stay; a comment's start inside a string does not count.
function withoutComments(text: string): string {
  const pieces = /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g
  return text.replace(pieces, (_, string) => string ?? ' ')
}

function isTest(file: string): boolean {
  return file.endsWith('.test.ts')
}

const folders = ['lib', 'db', 'events', 'jobs', 'files', 'http', 'features']
const below: Record<string, string[]> = {
  lib: [],
  db: ['lib'],
  events: ['lib', 'db'],
  jobs: ['lib', 'db'],
  files: ['lib', 'db'],
  http: ['lib', 'db', 'events', 'files', 'config.ts'],
  features: ['lib', 'db', 'events', 'jobs', 'files', 'http'],
  'config.ts': [],
}

/** The folder that a file stands in, its own name where it stands alone; everything else alone is the top floor. */
function floorOf(file: string): string {
  const first = file.split('/')[0]!
  return folders.includes(first) || first in below ? first : 'top'
}

function isOurs(target: string): boolean {
  return target.endsWith('.ts')
}

function floors({ file, target }: Edge): Violation[] {
  const floor = floorOf(file)
  if (!isOurs(target) || floor === 'top') return []
  const to = floorOf(target)
  return to === floor || below[floor]!.includes(to) ? [] : [{ rule: 'floors', file, found: target }]
}

// What is not named here, such as `list.ts`, stands beside the service; `page.store.ts` is part of the store.
const levels: Record<string, number> = {
  'feature.ts': 4,
  'routes.ts': 3,
  'store.ts': 1,
  'events.ts': 0,
  'schema.ts': 0,
}
const levelOf = (name: string) => levels[name.replace(/^[\w-]+\.store\.ts$/, 'store.ts')] ?? 2

function insideAFeature({ file, target }: Edge): Violation[] {
  const from = placeInFeature(file)
  const to = placeInFeature(target)
  if (!from || !to || from.feature !== to.feature) return []
  const down = from.level - to.level
  const skipsTheService = from.level > 2 && to.level === 1
  return down < 0 || skipsTheService ? [{ rule: 'inside a feature', file, found: target }] : []
}

function placeInFeature(file: string): { feature: string; name: string; level: number } | undefined {
  const [folder, feature, ...rest] = file.split('/')
  if (folder !== 'features' || !feature || rest.length === 0) return undefined
  const name = rest.join('/')
  return { feature, name, level: levelOf(name) }
}

function betweenFeatures({ file, target }: Edge, order: readonly string[]): Violation[] {
  const from = placeInFeature(file)
  const to = placeInFeature(target)
  if (!from || !to || from.feature === to.feature) return []
  const isOpen = ['service.ts', 'schema.ts', 'events.ts'].includes(to.name)
  const isAbove = order.indexOf(to.feature) < order.indexOf(from.feature)
  return isOpen && isAbove ? [] : [{ rule: 'between features', file, found: target }]
}

function tests({ file, target }: Edge): Violation[] {
  const isOutside = target.startsWith('../')
  return isOutside || isTest(target) || target === 'node:test' ? [{ rule: 'tests', file, found: target }] : []
}

function listOfFeatures({ files, features }: House): Violation[] {
  const present = new Set(Object.keys(files).flatMap((file) => placeInFeature(file)?.feature ?? []))
  const unlisted = [...present].filter((name) => !features.includes(name))
  const missing = features.filter((name) => !present.has(name))
  const wrong = [...unlisted, ...missing]
  return wrong.map((found) => ({ rule: 'the list of features', file: 'features.ts', found }))
}

/** Each way round once, from the file on it that was met first. */
function cycles(edges: Edge[]): Violation[] {
  const targets = Map.groupBy(edges, ({ file }) => file)
  const found: Violation[] = []
  const done = new Set<string>()
  const visit = (file: string, path: string[]) => {
    const start = path.indexOf(file)
    if (start >= 0) {
      found.push({ rule: 'cycles', file, found: [...path.slice(start), file].join(' -> ') })
      return
    }
    if (done.has(file)) return
    for (const { target } of targets.get(file) ?? []) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of targets.keys()) visit(file, [])
  return found
}

const queryForms = [
  /\.sql\b(?=\s*[.)])/,
  /(?<![.\w])sql(?:\.\w+)?(?:<[^`(]*>)?[`(]/,
  /\.(?:selectFrom|insertInto|replaceInto|updateTable|deleteFrom|mergeInto)\s*\(/,
  /from ['"](?:kysely|node:sqlite|pg)['"]/,
  /['"`]\s*(?:select\s|insert\s+into|update\s+\w+\s+set|delete\s+from|pragma\s|vacuum\b|begin\b|create\s+table)/i,
]

function queries(file: string, text: string): Violation[] {
  const mayQuery = ['db', 'events', 'jobs'].includes(floorOf(file)) || placeInFeature(file)?.level === 1
  if (mayQuery) return []
  const code = withoutComments(text)
  return queryForms.flatMap((form) => {
    const [found] = form.exec(code) ?? []
    return found ? [{ rule: 'queries', file, found }] : []
  })
}

const environmentForms = [
  /\bprocess\s*(?:\?\.|\.)\s*env\b/,
  /\bprocess\s*\[/,
  /\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/,
  /import\s[^;'"]*\benv\b[^;'"]*from\s*['"](?:node:)?process['"]/,
]

function environment(file: string, text: string): Violation[] {
  if (file === 'config.ts') return []
  const code = withoutComments(text)
  return environmentForms.flatMap((form) => {
    const [found] = form.exec(code) ?? []
    return found ? [{ rule: 'environment', file, found }] : []
  })
}

function fileNames(file: string): Violation[] {
  const bad = file
    .split('/')
    .find((part) => /^(?:index|utils?|helpers?|common|misc)(?:\.test)?(?:\.ts)?$/i.test(part))
  return bad ? [{ rule: 'file names', file, found: bad }] : []
}

// Of the program: a test is a list of examples.
const longest = 300

function length(file: string, text: string): Violation[] {
  const lines = text.trimEnd().split('\n').length
  return lines > longest ? [{ rule: 'length', file, found: `${lines} lines` }] : []
}
