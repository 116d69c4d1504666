import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { webViolations } from './web-architecture.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const real = Object.fromEntries(
  globSync('web/**/*.{ts,tsx}', { cwd: root }).map((file) => [
    file.replaceAll('\\', '/'),
    readFileSync(join(root, file), 'utf8'),
  ]),
)

describe('what runs in browsers', () => {
  it('keeps the rules', () => {
    assert.ok(Object.keys(real).length > 20)
    assert.deepEqual(webViolations(real), [])
  })

  const planted: [what: string, file: string, text: string][] = [
    ['code of the server', 'web/dashboard/a.ts', `import { X } from '../../src/features/messages/schema.ts'`],
    [
      'a service, for a type',
      'web/dashboard/a.ts',
      `import type { X } from '../../src/features/a/service.ts'`,
    ],
    ['the dashboard in what is shared', 'web/shared/a.ts', `import '../dashboard/a.ts'`],
    ['the dashboard in the widget', 'web/widget/a.ts', `import '../dashboard/a.tsx'`],
    ['a file of 301 lines', 'web/dashboard/a.tsx', 'a\n'.repeat(301)],
    ['a file called utils', 'web/dashboard/utils.tsx', ''],
    ['a text that becomes a page', 'web/dashboard/a.tsx', '<p dangerouslySetInnerHTML={x} />'],
  ]
  for (const [what, file, text] of planted) {
    it(`is found to break them by ${what}`, () => {
      assert.equal(webViolations({ [file]: text }).length, 1)
    })
  }

  it('may import types of schemas, and what is shared', () => {
    const text = `import type { X } from '../../src/features/a/schema.ts'\nimport '../shared/b.ts'\nimport './c.tsx'`
    assert.deepEqual(webViolations({ 'web/dashboard/a.ts': text }), [])
  })
})
