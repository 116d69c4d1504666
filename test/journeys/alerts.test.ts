import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../app.ts'
import { testDatabaseUrl } from '../databases.ts'
import { project } from '../process.ts'

const read = (file: string) => readFileSync(join(project, file), 'utf8')
const rules = read('deploy/alerts.yaml')
const dashboard = JSON.parse(read('deploy/grafana/ndoto.json')) as {
  panels: { type: string; title: string; targets?: { expr: string }[] }[]
}

/** Metrics that a server has with the other engine only. */
const ofTheOther = testDatabaseUrl
  ? /^ndoto_(?:backup|database_long_reads)_/
  : /^ndoto_database_connections(?:_in_use)?$/

function metricsIn(text: string): string[] {
  return [...new Set(text.match(/\b(?:ndoto|process|nodejs)_[a-z0-9_]+/g))]
}

describe('The alerts and the dashboard', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp(testDatabaseUrl ? {} : { NDOTO_BACKUP_URL: 'file:///does/not/matter' })
    // A histogram has values after a request.
    await test.api('/labels')
  })
  after(() => test.close())

  it('name only metrics that a server has', async () => {
    const { body } = await test.api('//metrics', { token: null })
    const existing = new Set([...body.matchAll(/^([a-z0-9_]+)[ {]/gm)].map(([, name]) => name))
    const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
    const named = metricsIn(`${rules}\n${expressions.join('\n')}`)
    assert.ok(named.length > 20, named.join(', '))
    const missing = named.filter((name) => !existing.has(name) && !ofTheOther.test(name))
    assert.deepEqual(missing, [])
  })

  it('show every metric of the product', async () => {
    const { body } = await test.api('//metrics', { token: null })
    const types = [...body.matchAll(/^# TYPE (ndoto_\w+)/gm)].map(([, name]) => name!)
    const shown = metricsIn(JSON.stringify(dashboard))
    // Those of the dashboard's panels say the same.
    const implied = [
      'ndoto_database_long_reads_running',
      'ndoto_backup_last_failure_timestamp_seconds',
      'ndoto_backup_duration_seconds',
    ]
    const missing = types.filter(
      (name) => !shown.some((one) => one.startsWith(name)) && !implied.includes(name),
    )
    assert.deepEqual(missing, [])
  })

  it('have panels with titles that do not overlap, and queries', () => {
    const charts = dashboard.panels.filter(({ type }) => type !== 'row')
    assert.ok(charts.length > 15)
    for (const { title, targets = [] } of charts) assert.ok(title && targets.length > 0, title)
    const places = (dashboard.panels as unknown as { gridPos: { x: number; y: number } }[]).map(
      ({ gridPos: { x, y } }) => `${x} ${y}`,
    )
    assert.equal(new Set(places).size, places.length)
  })

  it('are explained, each with what to do', () => {
    const page = read('docs/operating.md')
    const alerts = [...rules.matchAll(/- alert: (\w+)\n((?: .*\n)+)/g)].map(
      ([, name, rule]) => [name!, rule!] as const,
    )
    assert.ok(alerts.length >= 10)
    for (const [name, rule] of alerts) {
      assert.match(rule, /expr: /)
      assert.ok(rule.includes(`runbook: docs/operating.md#${name.toLowerCase()}`), name)
      const [, text = ''] = page.split(`### ${name}\n`)
      assert.ok(text.split('\n### ')[0]!.trim().length > 100, name)
    }
    const headings = [...page.matchAll(/^### (Ndoto\w+)$/gm)].map(([, name]) => name)
    assert.deepEqual(
      headings,
      alerts.map(([name]) => name),
    )
  })
})
