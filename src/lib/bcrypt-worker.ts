import { parentPort, workerData } from 'node:worker_threads'
import { compareSync } from 'bcryptjs'

/*
 * What runs in the thread of `bcryptMatches`. Like every bcrypt it ignores what follows the first 72 bytes.
 */
const { password, stored } = workerData as { password: string; stored: string }
parentPort!.postMessage(compareSync(password, stored))
