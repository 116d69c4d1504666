import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Document, generateTypes } from './openapi-types.ts'

/*
 * Writes the types of the SDK, src/api.ts, from docs/openapi.json. `npm run openapi` runs it. With `--check` it writes
 * nothing, and fails if the file is not that of the document.
 */
const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const target = fileURLToPath(new URL('src/api.ts', import.meta.url))
const generated = generateTypes(JSON.parse(read('../../docs/openapi.json')) as Document)

if (!process.argv.includes('--check')) writeFileSync(target, generated)
else if (readFileSync(target, 'utf8') !== generated) {
  process.stderr.write('sdk/typescript/src/api.ts is not that of docs/openapi.json. Run `npm run openapi`.\n')
  process.exitCode = 1
}
