#!/usr/bin/env node
// Runs on any version of Node.js. On an old one it starts the version that is installed with the project, or prints an
// explanation instead of a syntax error.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as module from 'node:module'
import { fileURLToPath } from 'node:url'

const oldest = '24.7'
const isOld = process.versions.node.localeCompare(oldest, 'en', { numeric: true }) < 0
const bundled = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))

if (!isOld) {
  // Compiled code is cached between starts, if the folder is writable.
  module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)))
  if (process.argv[2] === 'start') {
    const { buildIfStale } = await import('./build-web.mjs')
    buildIfStale()
  }
  const { run } = await import('../src/cli.ts')
  process.exitCode = await run(process.argv.slice(2))
} else if (existsSync(bundled)) {
  const child = spawn(bundled, process.argv.slice(1), { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143)
  })
} else {
  process.stderr.write(`Ndoto requires Node.js ${oldest} or newer, but this is ${process.versions.node}.
Run \`npm ci\` in its folder to install a suitable version, which \`npm start\` uses.\n`)
  process.exitCode = 1
}
