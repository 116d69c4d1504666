// Builds the dashboard and the widget into dist/web/, unless they are up to date. `npm start` and `npm pack` run it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { Build, root, runBuild } from './sources.mjs'

const pages = new Build({
  folder: 'web',
  isSource: /\.(?:tsx?|css|html|svg|json)$/,
  others: ['package-lock.json', 'bin/build-web.mjs'],
  target: 'dist/web',
})

/** Builds them in another process if they are not up to date. Problems are reported on standard error. */
export function buildIfStale() {
  if (!pages.isFresh()) runBuild(import.meta.url, 'the dashboard and the widget')
}

async function build() {
  const vite = await import('vite').catch(() => undefined)
  if (!vite) {
    process.stderr.write(
      'The dashboard and the widget cannot be built without their build tool. Run `npm ci` without --omit=dev to install it.\n',
    )
    return
  }
  await pages.replace((folder) => write(vite, folder))
}

async function write(vite, fresh) {
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
}

function compress(file) {
  const bytes = readFileSync(file)
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }))
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !pages.isFresh()) {
  await build().catch((error) =>
    process.stderr.write(`The dashboard and the widget could not be built: ${error.stack}\n`),
  )
}
