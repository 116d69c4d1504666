// Builds the dashboard and the widget into dist/web/, unless they are up to date. `npm start` and
// `npm pack` run it. Plain JavaScript that imports no other files of this project, so that it runs before anything else
// is known to work.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'dist/web')

/** Builds them in another process if they are not up to date. Problems are reported on standard error. */
export function buildIfStale() {
  if (isFresh()) return
  process.stderr.write('Building the dashboard and the widget ...\n')
  spawnSync(process.execPath, [fileURLToPath(import.meta.url)], { stdio: ['ignore', 2, 2] })
}

function isFresh() {
  // A package has no sources.
  if (!existsSync(join(root, 'web'))) return true
  const stamp = join(target, 'sources.txt')
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hashOfSources()
}

// Of the contents, because modification times change with every checkout and copy.
function hashOfSources() {
  const hash = createHash('sha256')
  const isSource = (file) => /\.(?:tsx?|css|html|svg|json)$/.test(file) && !file.endsWith('.test.ts')
  const files = readdirSync(join(root, 'web'), { recursive: true })
    .filter(isSource)
    .sort()
    .map((file) => `web/${file}`)
  for (const file of [...files, 'package-lock.json', 'bin/build-web.mjs']) {
    hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

async function build() {
  const vite = await import('vite').catch(() => undefined)
  if (!vite) {
    process.stderr.write(
      'The dashboard and the widget cannot be built without their build tool. Run `npm ci` without --omit=dev to install it.\n',
    )
    return
  }
  // Built in another folder and then moved, because another server may be building too, or serving the old files.
  const hash = hashOfSources()
  const fresh = `${target}.${process.pid}`
  const run = (source, folder, config) =>
    vite.build({
      root: join(root, source),
      configFile: join(root, 'web/vite.config.ts'),
      logLevel: 'warn',
      ...config,
      build: { outDir: join(fresh, folder), emptyOutDir: false, ...config?.build },
    })
  await run('web/dashboard', 'dashboard')
  // A relative base, because the server may be behind a path prefix.
  // One file with everything but what is loaded on demand: several files would compress worse.
  const groups = [{ name: 'frame', test: (id) => !/\/on-demand\/|\/chime\.ts$/.test(id) }]
  await run('web/widget/frame', 'widget', {
    base: './',
    build: { modulePreload: false, rolldownOptions: { output: { codeSplitting: { groups } } } },
  })
  const output = { format: 'iife', entryFileNames: 'widget.js' }
  await run('web/widget/loader', 'widget', { build: { rolldownOptions: { input: 'main.ts', output } } })
  for (const file of readdirSync(fresh, { recursive: true })) {
    if (/\.(?:html|js|css|svg)$/.test(file)) compress(join(fresh, file))
  }
  writeFileSync(join(fresh, 'sources.txt'), hash)
  rmSync(target, { recursive: true, force: true })
  renameSync(fresh, target)
}

function compress(file) {
  const bytes = readFileSync(file)
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }))
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !isFresh()) {
  await build().catch((error) =>
    process.stderr.write(`The dashboard and the widget could not be built: ${error.stack}\n`),
  )
}
