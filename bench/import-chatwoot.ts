import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { schema } from '../test/chatwoot.ts'
import { temporaryDirectory } from './directory.ts'
import { freshDatabase, testServer } from './postgres.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { memory } from './servers.ts'

const messages = 200_000
const perConversation = 20
const goal = 10_000
const program = fileURLToPath(new URL('../bin/ndoto.mjs', import.meta.url))

/** Measures `ndoto import-chatwoot`, from the start of the process to its end, into both engines. Requires PostgreSQL. */
export async function measureChatwootImport(): Promise<Report> {
  if (!testServer) throw new Error('TEST_DATABASE_URL must name a PostgreSQL server')
  await using chatwoot = await freshDatabase()
  await fill(chatwoot.url)
  const rows: string[][] = []
  const claims: Report['claims'] = []
  for (const engine of ['SQLite', 'PostgreSQL']) {
    await using target = await freshDatabase()
    using directory = temporaryDirectory()
    const environment: Record<string, string> = engine === 'SQLite' ? {} : { DATABASE_URL: target.url }
    const { seconds, peak } = await run(chatwoot.url, { DATA_DIR: directory.path, ...environment })
    const rate = messages / seconds
    rows.push([engine, count(rate), `${seconds.toFixed(1)} s`, `${Math.round(peak)} MB`])
    claims.push({
      work: `\`ndoto import-chatwoot\` of ${count(messages)} messages into ${engine}: messages per second`,
      measured: count(rate),
      goal: `at least ${count(goal)}`,
      met: rate >= goal,
    })
  }
  return {
    title: `Importing ${count(messages)} messages from Chatwoot, ${perConversation} in each conversation`,
    table: [['into', 'messages per second', 'time', 'peak memory'], ...rows],
    claims,
  }
}

async function fill(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const conversations = messages / perConversation
  await client.query(`${schema};
    insert into accounts (id, name) values (1, 'Acme');
    insert into users (id, name, email, confirmed_at) values (1, 'Ann', 'ann@example.com', now());
    insert into account_users (account_id, user_id, role) values (1, 1, 1);
    insert into channel_api (id, account_id, identifier) values (1, 1, 'bench');
    insert into inboxes (id, account_id, name, channel_type, channel_id) values (1, 1, 'API', 'Channel::Api', 1);
    insert into contacts (id, account_id, name, email)
      select i, 1, 'Contact ' || i, 'contact' || i || '@example.com' from generate_series(1, ${conversations}) i;
    insert into contact_inboxes (id, contact_id, inbox_id, source_id)
      select i, i, 1, 'source-' || i from generate_series(1, ${conversations}) i;
    insert into conversations (id, account_id, display_id, inbox_id, contact_id, contact_inbox_id, status, last_activity_at)
      select i, 1, i, 1, i, i, i % 2, timestamp '2026-01-01' + ${messages} * interval '1 second'
      from generate_series(1, ${conversations}) i;
    insert into messages (id, account_id, inbox_id, conversation_id, message_type, sender_type, sender_id, content,
        content_attributes, created_at, updated_at)
      select i, 1, 1, c, i % 2, case i % 2 when 0 then 'Contact' else 'User' end, case i % 2 when 0 then c else 1 end,
        'Where is my order number ' || i || '? It was to arrive on Monday, and nobody answers the phone.',
        to_json('{"in_reply_to":null}'::text), at, at
      from (select i, 1 + i % ${conversations} as c, timestamp '2026-01-01' + i * interval '1 second' as at
        from generate_series(1, ${messages}) i) m;
    analyze`)
  await client.end()
}

/** Runs the import. `peak` is its highest memory use that was sampled, in MB. */
async function run(from: string, environment: Record<string, string>) {
  const report = mkdtempSync(`${environment.DATA_DIR}/report-`)
  const start = performance.now()
  const args = [program, 'import-chatwoot', '--from', from, '--report', report]
  const env = { PATH: process.env.PATH, ...environment }
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env })
  let peak = 0
  const sampling = setInterval(() => {
    peak = Math.max(peak, memory(child.pid!, 'VmHWM') || 0)
  }, 50)
  const [code] = await once(child, 'exit')
  clearInterval(sampling)
  if (code !== 0) throw new Error(`the import ended with ${code}`)
  return { seconds: (performance.now() - start) / 1000, peak }
}

if (import.meta.main) await runBenchmark(measureChatwootImport)
