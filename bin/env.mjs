// Loaded before the program by the npm scripts: settings from `.env` in the current directory, where there is one. Node's
// own `--env-file-if-exists` warns where there is none, and breaks `--watch-path`.
import { existsSync } from 'node:fs'

if (existsSync('.env')) process.loadEnvFile('.env')
