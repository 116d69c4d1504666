import { dirname, join } from 'node:path/posix'

/** A place in a file that breaks a rule. */
export interface Violation {
  rule: Rule
  file: string
  /** The import, the text or the name that breaks the rule. */
  evidence: string
}

export type Rule =
  | 'layers'
  | 'inside a feature'
  | 'between features'
  | 'exports'
  | 'the list of features'
  | 'cycles'
  | 'queries'
  | 'tables'
  | 'state'
  | 'channels'
  | 'environment'
  | 'file names'
  | 'length'
  | 'tests'

export interface Sources {
  /** The text of each file, by its path in `src`. */
  files: Record<string, string>
  /** The names of the features, in the order of the list. */
  features: readonly string[]
}

/** Returns all violations of the rules in ARCHITECTURE.md. */
export function violations(sources: Sources): Violation[] {
  const files = Object.entries(sources.files)
  const edges = files.flatMap(([file, text]) => importsOf(file, text).map((target) => ({ file, target })))
  // Tests may import everything, and nothing may import a test.
  const checked = edges.filter(({ file }) => !isTest(file))
  return [
    ...checked.flatMap((edge) => layers(edge)),
    ...checked.flatMap((edge) => insideAFeature(edge)),
    ...checked.flatMap((edge) => betweenFeatures(edge, sources.features)),
    ...checked.flatMap((edge) => tests(edge)),
    ...listOfFeatures(sources),
    ...cycles(checked),
    ...foreignTables(files),
    ...channelTypes(files),
    ...files.flatMap(([file]) => fileNames(file)),
    ...files
      .filter(([file]) => !isTest(file))
      .flatMap(([file, text]) => [
        ...exportsOf(file, text),
        ...state(file, text),
        ...queries(file, text),
        ...environment(file, text),
        ...length(file, text),
      ]),
  ]
}

/** An import of `target` by `file`. */
export interface Edge {
  file: string
  target: string
}

/**
 * Returns what a file imports, including dynamic imports and imports of types: paths relative to `src` for our own
 * files, bare names for packages.
 */
export function importsOf(file: string, text: string): string[] {
  const code = withoutComments(text)
  const specifiers = [
    ...code.matchAll(/\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g),
    ...code.matchAll(/\bimport\s*['"]([^'"]+)['"]/g),
    ...code.matchAll(/\bimport\s*\(\s*['"`]([^'"`]+)['"`]/g),
  ].map(([, specifier]) => specifier!)
  return specifiers.map((specifier) =>
    specifier.startsWith('.') ? join(dirname(file), specifier) : specifier,
  )
}

// Strings are matched first, so that `//` inside a string does not start a comment.
function withoutComments(text: string): string {
  const pieces = /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g
  return text.replace(pieces, (_, string) => string ?? ' ')
}

function isTest(file: string): boolean {
  return file.endsWith('.test.ts')
}

/** The folders of `src` with layers, and what each may import. */
const importable: Record<string, string[]> = {
  lib: [],
  db: ['lib'],
  events: ['lib', 'db'],
  files: ['lib', 'db'],
  deliveries: ['lib', 'db', 'events'],
  http: ['lib', 'db', 'events', 'files', 'deliveries', 'config.ts'],
  features: ['lib', 'db', 'events', 'files', 'deliveries', 'http'],
  'config.ts': ['setting-formats.ts'],
  'setting-formats.ts': [],
}

/** Returns the folder of a file, or `top` for `app.ts` and the files and folders next to it. */
function layerOf(file: string): string {
  const first = file.split('/')[0]!
  return first in importable ? first : 'top'
}

function isOwnFile(target: string): boolean {
  return target.endsWith('.ts')
}

function layers({ file, target }: Edge): Violation[] {
  const from = layerOf(file)
  if (!isOwnFile(target) || from === 'top') return []
  const to = layerOf(target)
  return to === from || importable[from]!.includes(to) ? [] : [{ rule: 'layers', file, evidence: target }]
}

// A file that is not named here, such as `list.ts`, is on the level of the service; `page.store.ts` is part of the store.
const levels: Record<string, number> = {
  'feature.ts': 4,
  'routes.ts': 3,
  'store.ts': 1,
  'events.ts': 0,
  'schema.ts': 0,
}
const levelOf = (name: string) =>
  name.startsWith('migrations') || name === 'tables.ts'
    ? 0
    : (levels[name.replace(/^(?:[\w-]+\/)?[\w-]+\.store\.ts$/, 'store.ts')] ?? 2)

function insideAFeature({ file, target }: Edge): Violation[] {
  const from = positionInFeature(file)
  const to = positionInFeature(target)
  if (!from || !to || from.feature !== to.feature) return []
  const down = from.level - to.level
  const skipsTheService = from.level > 2 && to.level === 1 && to.name !== 'parts.store.ts'
  return down < 0 || skipsTheService ? [{ rule: 'inside a feature', file, evidence: target }] : []
}

function positionInFeature(file: string): { feature: string; name: string; level: number } | undefined {
  const [folder, feature, ...rest] = file.split('/')
  if (folder !== 'features' || !feature || rest.length === 0) return undefined
  const name = rest.join('/')
  return { feature, name, level: levelOf(name) }
}

function betweenFeatures({ file, target }: Edge, order: readonly string[]): Violation[] {
  const from = positionInFeature(file)
  const to = positionInFeature(target)
  if (!from || !to || from.feature === to.feature) return []
  const isOpen = to.name === 'parts.store.ts' || levels[to.name] === 0 || to.level === 2
  const isAbove = order.indexOf(to.feature) < order.indexOf(from.feature)
  return isOpen && isAbove ? [] : [{ rule: 'between features', file, evidence: target }]
}

/** A name is imported from the file that defines it. */
function exportsOf(file: string, text: string): Violation[] {
  if (!positionInFeature(file)) return []
  const reexports = /\bexport\s*(?:type\s*)?(?:\{[^}]*\}|\*(?:\s*as\s+\w+)?)\s*from\b/g
  return [...withoutComments(text).matchAll(reexports)].map(([evidence]) => ({
    rule: 'exports',
    file,
    evidence,
  }))
}

/** What a feature remembers belongs to a server, not to the process: it fills a slot, or is in a closure or an object. */
function state(file: string, text: string): Violation[] {
  if (!positionInFeature(file)) return []
  const collections = /^(?:export )?const \w+(?:: [^=]+)? = new (?:Weak)?(?:Map|Set)(?:<.*>)?\(\)/gm
  return [...withoutComments(text).matchAll(collections)].map(([evidence]) => ({
    rule: 'state',
    file,
    evidence,
  }))
}

function tests({ file, target }: Edge): Violation[] {
  const isOutside = target.startsWith('../') && target !== '../package.json'
  return isOutside || isTest(target) || target === 'node:test'
    ? [{ rule: 'tests', file, evidence: target }]
    : []
}

function listOfFeatures({ files, features }: Sources): Violation[] {
  const present = new Set(Object.keys(files).flatMap((file) => positionInFeature(file)?.feature ?? []))
  const unlisted = [...present].filter((name) => !features.includes(name))
  const missing = features.filter((name) => !present.has(name))
  const wrong = [...unlisted, ...missing]
  return wrong.map((name) => ({ rule: 'the list of features', file: 'features.ts', evidence: name }))
}

/** Returns each cycle of imports once, starting at the file of it that comes first. */
export function cycles(edges: Edge[]): Violation[] {
  const targets = Map.groupBy(edges, ({ file }) => file)
  const all: Violation[] = []
  const done = new Set<string>()
  const visit = (file: string, path: string[]) => {
    const start = path.indexOf(file)
    if (start >= 0) {
      all.push({ rule: 'cycles', file, evidence: [...path.slice(start), file].join(' -> ') })
      return
    }
    if (done.has(file)) return
    for (const { target } of targets.get(file) ?? []) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of targets.keys()) visit(file, [])
  return all
}

const queryForms = [
  /\.sql\b(?=\s*[.)])/,
  /(?<![.\w])sql(?:\.\w+)?(?:<[^`(]*>)?[`(]/,
  /\.(?:selectFrom|insertInto|replaceInto|updateTable|deleteFrom|mergeInto)\s*\(/,
  /from ['"](?:kysely|node:sqlite|pg)['"]/,
  /['"`]\s*(?:select\s|insert\s+into|update\s+\w+\s+set|delete\s+from|pragma\s|vacuum\b|begin\b|create\s+table)/i,
]

function queries(file: string, text: string): Violation[] {
  const mayQuery =
    ['db', 'events'].includes(layerOf(file)) ||
    /^deliveries\/[\w-]+\.store\.ts$/.test(file) ||
    positionInFeature(file)?.level === 1 ||
    /\/(?:migrations\/.+|tables)\.ts$/.test(file)
  if (mayQuery) return []
  const code = withoutComments(text)
  return queryForms.flatMap((form) => {
    const [evidence] = form.exec(code) ?? []
    return evidence ? [{ rule: 'queries', file, evidence }] : []
  })
}

/** Returns queries outside of features that name a table of a feature. */
function foreignTables(files: [file: string, text: string][]): Violation[] {
  const names = files.filter(([file]) => positionInFeature(file)?.name === 'tables.ts').flatMap(tablesIn)
  if (names.length === 0) return []
  const table = `(?:${names.join('|')})`
  const forms = [
    `(?:From|Into|Table|Join|nextId|reserveIds)\\([^)]*?'${table}\\b`,
    `\\b(?:from|into|join|update|table)\\s+${table}\\b`,
  ].map((form) => new RegExp(form, 'i'))
  const outside = files.filter(
    ([file]) => !['top', 'features', 'files'].includes(layerOf(file)) && !isTest(file),
  )
  return outside
    .filter(([file]) => !file.includes('/migrations/'))
    .flatMap(([file, text]) => {
      const code = withoutComments(text)
      return forms.flatMap((form) => {
        const [evidence] = form.exec(code) ?? []
        return evidence ? [{ rule: 'tables' as const, file, evidence }] : []
      })
    })
}

function tablesIn([, text]: [file: string, text: string]): string[] {
  const [, body = ''] = /interface Tables \{([^}]*)\}/.exec(text) ?? []
  return [...body.matchAll(/(\w+):/g)].map(([, name]) => name!)
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
    const [evidence] = form.exec(code) ?? []
    return evidence ? [{ rule: 'environment', file, evidence }] : []
  })
}

/** Only the folder of a channel contains its type. Everybody else asks for what the channel allows. */
function channelTypes(files: [file: string, text: string][]): Violation[] {
  const types = files.flatMap(([file, text]) => {
    const [, type] = (isOfChannel(file) && /^ {2}type: '(\w+)',$/m.exec(text)) || []
    return type ? [type] : []
  })
  if (types.length === 0) return []
  // The name of a field is also a type, so it counts only next to the word for types.
  const isField = (type: string) => type === 'email'
  const words = types.filter((type) => !isField(type))
  const forms = [
    ...(words.length > 0 ? [`['"](?:${words.join('|')})['"]`] : []),
    ...types.filter(isField).map((type) => `channel(?:_t|T)ype\\W[^\\n]{0,40}['"]${type}['"]`),
  ]
  const literal = new RegExp(forms.join('|'))
  return files.flatMap(([file, text]) => {
    if (isTest(file) || isOfChannel(file) || file.includes('/migrations/')) return []
    const [evidence] = literal.exec(withoutComments(text)) ?? []
    return evidence ? [{ rule: 'channels', file, evidence }] : []
  })
}

function isOfChannel(file: string): boolean {
  return /^features\/channels\/[\w-]+\//.test(file) && !file.includes('/migrations/')
}

function fileNames(file: string): Violation[] {
  const bad = file
    .split('/')
    .find((part) => /^(?:index|utils?|helpers?|common|misc)(?:\.test)?(?:\.ts)?$/i.test(part))
  return bad ? [{ rule: 'file names', file, evidence: bad }] : []
}

// Tests may be longer.
const longest = 300

function length(file: string, text: string): Violation[] {
  const lines = text.trimEnd().split('\n').length
  return lines > longest ? [{ rule: 'length', file, evidence: `${lines} lines` }] : []
}
