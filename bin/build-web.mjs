// Builds the dashboard and the widget into dist/web/, unless they are up to date. `npm start` and `npm pack` run it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { Build, root, runBuild } from './sources.mjs'

// What browsers share with the server.
const texts = ['links', 'markdown', 'markdown-inline', 'mention', 'plain-text'].map(
  (name) => `src/lib/text/${name}.ts`,
)

const pages = new Build({
  folder: 'web',
  isSource: /\.(?:tsx?|css|html|svg|json|webmanifest)$/,
  others: [
    ...texts,
    'sdk/typescript/src/event-stream-parser.ts',
    'package-lock.json',
    'bin/build-web.mjs',
    'bin/app-icons.mjs',
  ],
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
  // One file with all that is loaded first: the parts that are loaded later would have it split at what they share. Only
  // what chooses the language is loaded before it.
  const later =
    /\/dashboard\/(?:languages\/|settings\/|contacts\/|companies\/|data\/definitions|parts\/(?:field-kinds|value-chip|operators|operator-strings)|mail\/|canned\/popover|macros\/(?!chosen)|prepared\/|pictures\/viewer|composer\/(?:emoji-picker|send-later))|\/node_modules\/dompurify\//
  const first =
    /\/dashboard\/(?:index\.html|(?:main|service-worker|language|load-language|data\/local-storage)\.tsx?)$|vite\/preload-helper/
  await run('web/dashboard', 'dashboard', {
    ...split(['language', first], ['app', (id) => !later.test(id)]),
    plugins: [preloadApp],
  })
  const worker = { input: 'main.ts', output: { format: 'iife', entryFileNames: 'service-worker.js' } }
  // It contains no packages, and its empty list would replace that of the dashboard.
  await run('web/service-worker', 'dashboard', { build: { license: false, rolldownOptions: worker } })
  const { writeIcons } = await import('./app-icons.mjs')
  await writeIcons(join(root, 'web/dashboard/icon.svg'), join(fresh, 'dashboard'))
  // A relative base, because the server may be behind a path prefix.
  // One file with everything but what is loaded on demand: several files would compress worse.
  const frame = split([
    'frame',
    (id) => !/\/on-demand\/|\/chime\.ts$|\/lib\/text\/(?!links\.)|\/markdown\.tsx$/.test(id),
  ])
  // The names of a dozen files are in it, and their hashes do not compress. 36 bits are enough to tell versions apart.
  Object.assign(frame.build.rolldownOptions.output, { chunkFileNames: 'assets/[name]-[hash:6].js' })
  await run('web/widget/frame', 'widget', { base: './', build: { modulePreload: false, ...frame.build } })
  const output = { format: 'iife', entryFileNames: 'widget.js' }
  // The loader contains no packages, and its empty list would replace that of the frame.
  await run('web/widget/loader', 'widget', {
    build: { license: false, rolldownOptions: { input: 'main.ts', output } },
  })
  for (const name of ['sdk', 'page']) {
    const output = { format: 'iife', entryFileNames: `${name}.js` }
    await run('web/widget/chatwoot', 'chatwoot', {
      build: { license: false, rolldownOptions: { input: `${name}.ts`, output } },
    })
  }
  for (const file of readdirSync(fresh, { recursive: true })) {
    if (/\.(?:html|js|css|svg|webmanifest)$/.test(file)) compress(join(fresh, file))
  }
}

/** Lets browsers load the file of the application while its entry still chooses the language. */
const preloadApp = {
  name: 'preload-app',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      const [file] = Object.keys(bundle).filter((name) => /\/app-[^/]+\.js$/.test(name))
      const attrs = { rel: 'modulepreload', crossorigin: true, href: `/${file}` }
      return file && html.includes('id="app"') ? [{ tag: 'link', attrs, injectTo: 'head' }] : html
    },
  },
}

/** The options that put the modules that pass a test into one file; the first test that a module passes counts. */
function split(...tests) {
  const groups = tests.map(([name, test], at) => ({ name, test, priority: tests.length - at }))
  return { build: { rolldownOptions: { output: { codeSplitting: { groups } } } } }
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
