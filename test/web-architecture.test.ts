import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { webViolations } from './web-architecture.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = Object.fromEntries(
  globSync(['web/**/*.{ts,tsx}', 'sdk/typescript/src/*.ts', 'src/lib/text/*.ts'], { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file !== 'sdk/typescript/src/api.ts')
    .map((file) => [file, readFileSync(join(root, file), 'utf8')]),
)

describe('The code for browsers', () => {
  it('follows the rules of ARCHITECTURE.md', () => {
    assert.ok(Object.keys(sources).length > 20)
    assert.deepEqual(webViolations(sources), [])
  })

  const faults: [what: string, file: string, text: string][] = [
    [
      'a value of a schema',
      'web/dashboard/a.ts',
      `import { X } from '../../src/features/messages/schema.ts'`,
    ],
    ['a type of a service', 'web/dashboard/a.ts', `import type { X } from '../../src/features/a/service.ts'`],
    ['the dashboard in a shared file', 'web/shared/a.ts', `import '../dashboard/a.ts'`],
    ['a module of Node.js', 'web/shared/a.ts', `import { readFileSync } from 'node:fs'`],
    ['the dashboard in the widget', 'web/widget/a.ts', `import '../dashboard/a.tsx'`],
    ['a package in the SDK', 'sdk/typescript/src/a.ts', `import { x } from 'preact'`],
    ['a file of 301 lines', 'web/dashboard/a.tsx', 'a\n'.repeat(301)],
    ['a file called utils', 'web/dashboard/utils.tsx', ''],
    ['text that becomes HTML', 'web/dashboard/a.tsx', '<p dangerouslySetInnerHTML={x} />'],
  ]
  for (const [what, file, text] of faults) {
    it(`is refused with ${what}`, () => {
      assert.equal(webViolations({ [file]: text }).length, 1)
    })
  }

  it('is refused with a cycle of imports, also of types', () => {
    const files = {
      'web/shared/a.ts': `import { b } from './b.ts'`,
      'web/shared/b.ts': `import type { A } from './a.ts'`,
    }
    assert.deepEqual(webViolations(files), [
      'web/shared/a.ts -> web/shared/b.ts -> web/shared/a.ts is a cycle',
    ])
  })

  it('may import types of schemas, shared files, and what reads texts', () => {
    const text = `import type { X } from '../../src/features/a/schema.ts'
      import '../shared/b.ts'
      import './c.tsx'
      import { y } from '../../src/lib/text/markdown.ts'`
    assert.deepEqual(webViolations({ 'web/dashboard/a.ts': text }), [])
  })
})
