// Builds the SDK into sdk/typescript/dist/, unless it is up to date: its modules, and their types. `npm pack` in its folder
// runs it.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Build, root } from './sources.mjs'

const folder = 'sdk/typescript'
const sdk = new Build({
  folder: `${folder}/src`,
  isSource: /\.ts$/,
  others: [`${folder}/tsconfig.json`, 'tsconfig.json', 'package-lock.json', 'bin/build-sdk.mjs'],
  target: `${folder}/dist`,
})

async function write(fresh) {
  const { rolldown } = await import('rolldown')
  const source = (name) => join(root, folder, 'src', `${name}.ts`)
  // Together, so that both have the same NdotoError. Not minified: that is for those who bundle it.
  const built = await rolldown({ input: { ndoto: source('ndoto'), customer: source('customer') } })
  await built.write({ dir: fresh, sourcemap: true, chunkFileNames: 'shared.js' })
  writeTypes(fresh)
}

/** One file for each source. They import each other, as `./pages.js`. */
function writeTypes(fresh) {
  const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', fresh]
  const project = ['-p', join(root, folder), '--rootDir', join(root, folder, 'src')]
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const { status, stdout } = spawnSync(process.execPath, [compiler, ...project, ...options], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stdout)
  for (const name of readdirSync(fresh).filter((one) => one.endsWith('.d.ts'))) {
    const file = join(fresh, name)
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/(['"]\.\/[\w-]+)\.ts(['"])/g, '$1.js$2'))
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !sdk.isFresh()) {
  await sdk.replace(write).catch((error) => {
    process.stderr.write(`The SDK could not be built: ${error.stack}\n`)
    process.exitCode = 1
  })
}
