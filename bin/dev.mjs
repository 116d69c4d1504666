// Runs the server from its sources, so that a restart after a change needs no build.
import { buildIfStale } from './build-web.mjs'

buildIfStale()
const { run } = await import('../src/cli.ts')
process.exitCode = await run(['start'])
