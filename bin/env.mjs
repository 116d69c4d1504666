// Loaded by the npm scripts before the program. Reads settings from `.env` in the current directory, if it exists. Node's
// own `--env-file-if-exists` warns if it does not, and breaks `--watch-path`.
import { existsSync } from 'node:fs'

if (existsSync('.env')) process.loadEnvFile('.env')
