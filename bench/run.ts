import { noBrowser } from '../test/browser/chromium.ts'
import { measureBlocking } from './blocking.ts'
import { measureBulk } from './bulk.ts'
import { measureCable } from './cable.ts'
import { measureDashboard } from './dashboard.ts'
import { measureDepth } from './depth.ts'
import { measureImport } from './import.ts'
import { measureChatwootImport } from './import-chatwoot.ts'
import { measureIncomingMails } from './incoming-mails.ts'
import { measureList } from './list.ts'
import { measureMails } from './mails.ts'
import { measureNotifications } from './notifications.ts'
import { measurePost } from './post.ts'
import { testServer } from './postgres.ts'
import { measureRealtime } from './realtime.ts'
import { type Claim, machine, print, write } from './report.ts'
import { measureSecrets } from './secrets.ts'
import { measureStart } from './start.ts'
import { measureStream } from './stream.ts'
import { measureWebhooks } from './webhooks.ts'

/* Runs all benchmarks, and prints the table of docs/performance.md at the end. */
const claims: Claim[] = []
const all = [
  measureList,
  measurePost,
  measureDepth,
  () => measureBlocking(20_000),
  measureBulk,
  measureStream,
  measureRealtime,
  measureNotifications,
  measureCable,
  measureWebhooks,
  measureMails,
  measureIncomingMails,
  measureImport,
  ...(testServer ? [measureChatwootImport] : []),
  measureSecrets,
  measureStart,
  ...(noBrowser ? [] : [measureDashboard]),
]
for (const measure of all) {
  const report = await measure()
  print(report)
  claims.push(...report.claims)
}
write(`
Measured with \`npm run bench\` on ${machine()}:

| work | measured | goal |
| --- | --- | --- |
${claims.map(({ work, measured, goal, met }) => `| ${work} | ${measured} | ${goal}${met ? '' : ' (missed)'} |`).join('\n')}`)
