import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path/posix'
import { describe, it } from 'node:test'
import { errorCodes, fieldCodes } from '../src/lib/error-codes.ts'
import { project } from './process.ts'

const read = (file: string) => readFileSync(join(project, file), 'utf8')
const pages = globSync(['*.md', 'docs/**/*.md', 'sdk/*/*.md'], { cwd: project }).map((file) =>
  file.replaceAll('\\', '/'),
)
const withoutCode = (text: string) => text.replace(/^```.*?^```$/gms, (code) => code.replace(/[^\n]/g, ''))

describe('The documents', () => {
  it('link only to files and headings that exist', () => {
    const broken = pages.flatMap((page) => {
      const targets = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!)
      return targets.filter((target) => !exists(page, target)).map((target) => `${page}: ${target}`)
    })
    assert.deepEqual(broken, [])
  })

  it('wrap prose at 110 columns', () => {
    const long = pages.flatMap((page) =>
      withoutCode(read(page))
        .split('\n')
        .flatMap((line, index) =>
          line.length > 110 && !line.startsWith('|') ? [`${page}:${index + 1}`] : [],
        ),
    )
    assert.deepEqual(long, [])
  })

  it('describe every call of the OpenAPI document', () => {
    const described = new Set(
      globSync(['docs/api/*.md', 'docs/*.md'], { cwd: project }).flatMap((page) =>
        [...read(page).matchAll(/`([A-Z]+) (\/\S*|\.\.\.\S*)`/g)].map(([, method, path]) =>
          callOf(method!, path!.replace('...', '/public/api/v1/inboxes/*')),
        ),
      ),
    )
    const { paths } = JSON.parse(read('docs/openapi.json')) as { paths: Record<string, object> }
    const calls = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => callOf(method.toUpperCase(), path)),
    )
    assert.ok(calls.length > 60)
    const missing = calls.filter((call) => !described.has(call))
    assert.deepEqual(missing, [], 'add these calls to a page in docs/api')
  })

  it('list every code of an error, with its status, and of a field', () => {
    const [errors = '', fields = ''] = read('docs/errors.md').split('\n## Fields\n')
    const rows = [...errors.matchAll(/^\| (\d+) \| `(\w+)` \|/gm)].map(([, status, code]) => [
      code,
      Number(status),
    ])
    assert.deepEqual(rows, Object.entries(errorCodes))
    const codes = [...fields.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code)
    assert.deepEqual(codes, [...fieldCodes])
  })

  it('describe every setting', () => {
    const settings = [...read('.env.example').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name!)
    assert.ok(settings.length > 10)
    const page = read('docs/configuration.md')
    const missing = settings.filter((name) => !page.includes(`| \`${name}\` |`))
    assert.deepEqual(missing, [], 'add these settings to docs/configuration.md')
  })
})

/** Returns a call without the names of its parameters and without the account. */
function callOf(method: string, path: string): string {
  const generic = path.replace(/\?.*$/, '').replace(/:\w+|\{\w+\}/g, '*')
  return `${method} ${generic.replace('/api/v1/accounts/*', '')}`
}

function exists(page: string, target: string): boolean {
  if (/^(?:https?|mailto):/.test(target)) return true
  const [path = '', heading] = target.split('#')
  const file = path === '' ? page : normalize(join(dirname(page), path))
  if (!existsSync(join(project, file))) return false
  if (heading === undefined) return true
  const headings = [...withoutCode(read(file)).matchAll(/^#+ (.*)$/gm)]
  return headings.some(([, title]) => slugOf(title!) === heading)
}

/** Returns the anchor that GitHub generates for a heading. */
function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}
