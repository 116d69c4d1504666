// Bundles the server into dist/server/, unless it is up to date: there it starts in half the time and needs few packages.
// `npm start` and `npm pack` run it. Plain JavaScript that imports no other files of this project, as build-web.mjs.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'dist/server')

// The command line, and the programs that are started by the path of their file. Each is bundled on its own, so that
// the small ones load nothing of the server.
const programs = ['src/cli.ts', 'src/db/reader-worker.ts', 'src/files/picture-process.ts']

/** Bundles it in another process if it is not up to date. Problems are reported on standard error. */
export function buildIfStale() {
  if (bundledProgram()) return
  process.stderr.write('Building the server ...\n')
  spawnSync(process.execPath, [fileURLToPath(import.meta.url)], { stdio: ['ignore', 2, 2] })
}

/** Returns the bundled command line, or undefined if it has not been built from the sources as they are. */
export function bundledProgram() {
  const program = join(target, 'cli.js')
  const isPackage = !existsSync(join(root, 'src'))
  return isPackage || (existsSync(program) && isFresh()) ? program : undefined
}

function isFresh() {
  const stamp = join(target, 'sources.txt')
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hashOfSources()
}

// Of the contents, because modification times change with every checkout and copy.
function hashOfSources() {
  const hash = createHash('sha256')
  const isSource = (file) => /\.(?:ts|txt)$/.test(file) && !file.endsWith('.test.ts')
  const files = readdirSync(join(root, 'src'), { recursive: true })
    .filter(isSource)
    .sort()
    .map((file) => `src/${file}`)
  for (const file of [...files, 'package.json', 'package-lock.json', 'bin/build-server.mjs']) {
    hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

async function build() {
  const rolldown = await import('rolldown').catch(() => undefined)
  if (!rolldown) {
    process.stderr.write(
      'The server cannot be bundled without its build tool. Run `npm ci` without --omit=dev to install it.\n',
    )
    return
  }
  // Built in another folder and then moved, because a server may be starting from the old files.
  const hash = hashOfSources()
  const fresh = join(root, `dist/server.${process.pid}`)
  const chunks = []
  for (const program of programs) {
    const bundle = await rolldown.rolldown({
      cwd: root,
      input: program,
      platform: 'node',
      // sharp has native code, file-type imports packages by names that it keeps from bundlers, and pg only looks for
      // pg-native.
      external: ['sharp', 'file-type', 'pg-native'],
      logLevel: 'warn',
    })
    const { output } = await bundle.write({
      dir: fresh,
      sourcemap: true,
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      // For packages that look for their own files.
      banner: 'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
    })
    chunks.push(...output)
  }
  cpSync(join(root, 'src/features/users/common-passwords.txt'), join(fresh, 'common-passwords.txt'))
  writeFileSync(join(fresh, 'licenses.txt'), licensesOf(chunks))
  writeFileSync(join(fresh, 'sources.txt'), hash)
  rmSync(target, { recursive: true, force: true })
  renameSync(fresh, target)
  // @fastify/swagger-ui looks for its files here.
  cpSync(join(root, 'node_modules/@fastify/swagger-ui/static'), join(root, 'dist/static'), {
    recursive: true,
  })
}

/** Returns the licences of all packages in the bundle, and of swagger-ui, whose files are copied. */
function licensesOf(chunks) {
  const modules = chunks.flatMap((chunk) => chunk.moduleIds ?? [])
  const folders = modules.flatMap(
    (id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replaceAll('\\', '/')) ?? [],
  )
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const file = readdirSync(folder).find((one) => /^(?:licen[cs]e|copying)/i.test(one))
    const text = file
      ? readFileSync(join(folder, file), 'utf8').trim()
      : `${license}, according to its package.json.`
    return `${name} ${version} (${license})\n\n${text}\n`
  })
  const rule = `\n${'-'.repeat(80)}\n\n`
  return `The files in this folder contain these packages.\n${rule}${texts.join(rule)}`
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !isFresh()) {
  await build().catch((error) => {
    process.stderr.write(`The server could not be bundled: ${error.stack}\n`)
    process.exitCode = 1
  })
}
