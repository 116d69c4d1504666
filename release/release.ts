import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeUpgradeData } from '../test/upgrades/make.ts'
import { releaseSection } from './changelog.ts'
import { bundledPackages, packageSbom } from './sbom.ts'

/*
 * `npm run release -- VERSION [--checked]` makes a release of the project in the current directory, without the network: it
 * runs all checks, unless CI has run them for this commit (`--checked`), sets the version, makes the section of the changelog and the database for tests of later upgrades, and commits
 * and tags them. What is to be published is then in releases/VERSION.
 */

/** A reason not to make the release. Its message is for whoever makes it. */
class Refused extends Error {}

const root = process.cwd()
const path = (...parts: string[]) => join(root, ...parts)
const read = (file: string) => readFileSync(path(file), 'utf8')

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1e8,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

function check(script: string): void {
  const { status } = spawnSync('npm', ['run', script], { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Refused(`npm run ${script} failed. Nothing was changed.`)
}

const usage = 'Usage: npm run release -- VERSION [--checked], with a version such as 1.2.3.'

function assertReleasable(version: string, option: string | undefined): void {
  if (!/^\d+\.\d+\.\d+$/.test(version) || ![undefined, '--checked'].includes(option)) throw new Refused(usage)
  if (!process.env.TEST_DATABASE_URL) {
    throw new Refused(
      'Set TEST_DATABASE_URL: a release is tested on both engines, and has a database of both for later tests.',
    )
  }
  const changes = run('git', 'status', '--porcelain')
  if (changes) throw new Refused(`The project has changes that are not committed:\n${changes}`)
  if (run('git', 'tag', '--list', `v${version}`))
    throw new Refused(`Version ${version} was released already.`)
  const versions = run('git', 'tag', '--list', 'v*.*.*').split('\n').filter(Boolean)
  const isOlder = (tag: string) => version.localeCompare(tag.slice(1), 'en', { numeric: true }) < 0
  const newer = versions.find(isOlder)
  if (newer) throw new Refused(`${newer} is newer than ${version}.`)
}

/** Sets the version in all files that contain it. Returns the section of the changelog. */
function setVersion(version: string): string {
  const date = new Date().toISOString().slice(0, 10)
  const { changelog, section } = releaseSection(read('CHANGELOG.md'), version, date)
  writeFileSync(path('CHANGELOG.md'), changelog)
  run('npm', 'version', version, '--no-git-tag-version', '--allow-same-version', '--offline')
  const sdk = 'sdk/typescript/package.json'
  writeFileSync(path(sdk), read(sdk).replace(/("version": ")[^"]+/, `$1${version}`))
  // The document contains the version.
  run('npm', 'run', '--silent', 'openapi')
  for (const file of ['deploy/kubernetes/postgres.yaml', 'deploy/kubernetes/sqlite.yaml']) {
    writeFileSync(path(file), read(file).replace(/(image: REGISTRY\/ndoto:)\S+/, `$1${version}`))
  }
  return section
}

/** Writes everything that is to be published into a new folder, and returns its path. */
function makeFiles(version: string, section: string): string {
  const folder = path('releases', version)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const name = (end: string) => join(folder, `ndoto-${version}${end}`)
  rmSync(path('dist'), { recursive: true, force: true })
  run('npm', 'pack', '--offline', '--silent', '--pack-destination', folder)
  run('npm', 'pack', './sdk/typescript', '--offline', '--silent', '--pack-destination', folder)
  const packages = [`ndoto-${version}.tgz`, `ndoto-sdk-${version}.tgz`]
  for (const one of packages) run('npm', 'publish', '--dry-run', '--offline', join(folder, one))
  const licences = read('dist/server/licenses.txt')
  const pages = ['dashboard', 'widget'].map((page) => read(`dist/web/${page}/licenses.md`))
  const sbom = (...more: string[]) =>
    JSON.parse(run('npm', 'sbom', '--sbom-format=cyclonedx', '--package-lock-only', ...more))
  const bill = packageSbom(sbom(), sbom('--omit=dev'), bundledPackages(licences, pages))
  writeFileSync(name('.sbom.json'), `${JSON.stringify(bill, null, 2)}\n`)
  writeFileSync(name('.licenses.txt'), [licences, ...pages].join('\n\n'))
  writeFileSync(name('.changes.md'), `${section}\n`)
  const sums = readdirSync(folder).map((file) => {
    const hash = createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex')
    return `${hash}  ${file}\n`
  })
  writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''))
  return folder
}

async function release(version: string, option: string | undefined): Promise<void> {
  assertReleasable(version, option)
  if (option !== '--checked') {
    check('check')
    check('test:postgres')
  }
  try {
    const section = setVersion(version)
    const folder = makeFiles(version, section)
    await makeUpgradeData(version)
    run('git', 'add', '--all')
    run('git', 'commit', '--quiet', '--message', `house: Release ${version}.`)
    run('git', 'tag', '--annotate', `v${version}`, '--message', `Version ${version}`)
    process.stdout.write(`\nVersion ${version} is committed and tagged. To publish it:\n
  git push --follow-tags
  npm publish ${join(folder, `ndoto-${version}.tgz`)}
  npm publish --access public ${join(folder, `ndoto-sdk-${version}.tgz`)}\n`)
  } catch (error) {
    // There was nothing else that was not committed.
    run('git', 'reset', '--quiet', '--hard')
    run('git', 'clean', '--quiet', '--force', 'test/upgrades')
    throw error
  }
}

try {
  await release(process.argv[2] ?? '', process.argv[3])
} catch (error) {
  process.stderr.write(`${error instanceof Refused ? error.message : (error as Error).stack}\n`)
  process.exitCode = 1
}
