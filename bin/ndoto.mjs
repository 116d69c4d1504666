#!/usr/bin/env node
// Runs on any Node, so that a machine with an old one gets a sentence (or the Node that the project
// brings along) instead of a syntax error.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as module from 'node:module'
import { fileURLToPath } from 'node:url'

const oldest = '24.7'
const isOld = process.versions.node.localeCompare(oldest, 'en', { numeric: true }) < 0
const bundled = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))

if (!isOld) {
  // What was compiled at the last start is not compiled again; where the folder cannot be written it is.
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
  process.stderr.write(`Ndoto needs Node ${oldest} or newer; this is Node ${process.versions.node}.
Run \`npm ci\` in its folder: that brings a fitting Node along, and \`npm start\` uses it.\n`)
  process.exitCode = 1
}
