// Bundles the server into dist/server/, unless it is up to date: there it starts in half the time and needs few packages.
// `npm start` and `npm pack` run it.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Build, root, runBuild } from './sources.mjs'

const bundle = new Build({
  folder: 'src',
  isSource: /\.(?:ts|txt)$/,
  others: ['package.json', 'package-lock.json', 'bin/build-server.mjs'],
  target: 'dist/server',
})

// The command line, and the programs that are started by the path of their file. Each is bundled on its own, so that
// the small ones load nothing of the server.
const programs = [
  'src/cli.ts',
  'src/db/reader-worker.ts',
  'src/lib/bcrypt-worker.ts',
  'src/files/picture-process.ts',
  'src/backup/backup-process.ts',
  'src/features/channels/email/mail-worker.ts',
]

/**
 * Returns the bundled command line; undefined if it is not that of the sources. With `mayBuild` it is bundled first if
 * necessary, in another process. Problems are reported on standard error.
 */
export function bundledProgram(mayBuild) {
  const program = join(root, 'dist/server/cli.js')
  if (bundle.isFresh()) return program
  if (!mayBuild) return undefined
  runBuild(import.meta.url, 'the server')
  return bundle.isFresh() ? program : undefined
}

async function build() {
  const rolldown = await import('rolldown').catch(() => undefined)
  if (!rolldown) {
    process.stderr.write(
      'The server cannot be bundled without its build tool. Run `npm ci` without --omit=dev to install it.\n',
    )
    return
  }
  await bundle.replace((folder) => write(rolldown, folder))
  // @fastify/swagger-ui looks for its files here.
  rmSync(join(root, 'dist/static'), { recursive: true, force: true })
  cpSync(join(root, 'node_modules/@fastify/swagger-ui/static'), join(root, 'dist/static'), {
    recursive: true,
    // Not used by its page, which loads swagger-ui-bundle.js.
    filter: (file) => !file.endsWith('/swagger-ui.js'),
  })
}

async function write(rolldown, fresh) {
  const chunks = []
  for (const program of programs) {
    const built = await rolldown.rolldown({
      cwd: root,
      input: program,
      platform: 'node',
      // sharp has native code, file-type imports packages by names that it keeps from bundlers, and pg only looks for
      // pg-native.
      external: ['sharp', 'file-type', 'pg-native'],
      logLevel: 'warn',
    })
    const { output } = await built.write({
      dir: fresh,
      sourcemap: true,
      // Text that is not Latin-1 takes two bytes for each character of the whole file in memory.
      charset: 'ascii',
      comments: false,
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      // For packages that look for their own files.
      banner: 'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
    })
    chunks.push(...output)
  }
  cpSync(join(root, 'src/features/users/common-passwords.txt'), join(fresh, 'common-passwords.txt'))
  writeFileSync(join(fresh, 'licenses.txt'), licensesOf(chunks))
}

/**
 * Returns the licences of all packages in the bundle, and of Swagger UI, whose built files @fastify/swagger-ui contains
 * without their licence.
 */
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
  const { devDependencies } = JSON.parse(
    readFileSync(join(root, 'node_modules/@fastify/swagger-ui/package.json'), 'utf8'),
  )
  // The same text: sharp has this licence, too.
  const apache = readFileSync(join(root, 'node_modules/sharp/LICENSE'), 'utf8').trim()
  texts.push(
    `swagger-ui ${devDependencies['swagger-ui-dist']} (Apache-2.0), in ../static\n
Copyright 2020-2021 SmartBear Software Inc.\n\n${apache}\n`,
  )
  const rule = `\n${'-'.repeat(80)}\n\n`
  return `The files in this folder contain these packages.\n${rule}${texts.join(rule)}`
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !bundle.isFresh()) {
  await build().catch((error) => {
    process.stderr.write(`The server could not be bundled: ${error.stack}\n`)
    process.exitCode = 1
  })
}
