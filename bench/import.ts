import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { message } from './data.ts'
import { temporaryDirectory } from './directory.ts'
import { freshDatabase, testServer } from './postgres.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { memory, startNdoto } from './servers.ts'
import { median } from './statistics.ts'

const messages = 100_000
const perConversation = 20
// As many as the import stores in one transaction.
const batch = 500
const rounds = 3
const program = fileURLToPath(new URL('../bin/ndoto.mjs', import.meta.url))
// Fractions of the bare loop. The import also reads, validates, indexes and deduplicates each message.
const goals = { SQLite: 0.1, PostgreSQL: 0.1 }

interface Times {
  bare: number
  import: number
  again: number
  export: number
  /** MB. */
  peak: number
}

/**
 * Compares an import of conversations, from the start of the process to its end, with a bare loop of prepared inserts
 * into a table with the same columns and key and nothing else, with equally large transactions.
 */
export async function measureImport(): Promise<Report> {
  using files = temporaryDirectory()
  await writeFiles(files.path)
  const engines = { SQLite: onSqlite, ...(testServer ? { PostgreSQL: onPostgres } : {}) }
  const rows: string[][] = []
  const claims: Report['claims'] = []
  for (const [engine, measure] of Object.entries(engines)) {
    const all: Times[] = []
    for (let round = 0; round < rounds; round++) all.push(await measure(files.path))
    const of = (field: keyof Times) => median(all.map((times) => times[field]))
    const ratio = median(all.map((times) => times.bare / times.import))
    const rate = (field: 'bare' | 'import' | 'again' | 'export') => count(messages / of(field))
    rows.push([
      engine,
      rate('bare'),
      rate('import'),
      `${Math.round(ratio * 100)}%`,
      rate('again'),
      rate('export'),
      `${Math.round(of('peak'))} MB`,
    ])
    const goal = goals[engine as keyof typeof goals]
    claims.push({
      work: `\`ndoto import\` of ${count(messages)} messages on ${engine}: per second, and relative to a bare loop of prepared inserts`,
      measured: `${rate('import')}, ${Math.round(ratio * 100)}%`,
      goal: `at least ${Math.round(goal * 100)}%`,
      met: ratio >= goal,
    })
  }
  return {
    title: `Importing ${count(messages)} messages, ${perConversation} in each conversation: medians of ${rounds} rounds`,
    table: [
      ['messages per second', 'bare loop', 'import', 'of the loop', 'repeated', 'export', 'peak memory'],
      ...rows,
    ],
    claims,
  }
}

async function writeFiles(directory: string): Promise<void> {
  writeFileSync(join(directory, 'contacts.csv'), 'source_id,name\nc,Somebody\n')
  const out = createWriteStream(join(directory, 'conversations.jsonl'))
  const write = async (record: object) => {
    if (!out.write(`${JSON.stringify(record)}\n`)) await once(out, 'drain')
  }
  for (let index = 0; index < messages; index++) {
    const created_at = 1_700_000_000 + index
    if (index % perConversation === 0)
      await write({ type: 'conversation', source_id: `${index}`, contact: 'c', created_at })
    const direction =
      index % 2 === 0
        ? { message_type: 'incoming' }
        : { message_type: 'outgoing', sender: 'admin@example.com' }
    await write({
      type: 'message',
      source_id: `${index}`,
      ...direction,
      content: `${message.content} ${index}`,
      created_at,
    })
  }
  out.end()
  await once(out, 'finish')
}

async function onSqlite(files: string): Promise<Times> {
  using directory = temporaryDirectory()
  const times = await measure(files, directory.path, {})
  return { ...times, bare: bareOnSqlite(directory.path) }
}

async function onPostgres(files: string): Promise<Times> {
  await using database = await freshDatabase()
  using directory = temporaryDirectory()
  const times = await measure(files, directory.path, { DATABASE_URL: database.url })
  return { ...times, bare: await bareOnPostgres(database.url) }
}

async function measure(files: string, data: string, environment: Record<string, string>) {
  {
    await using _ = await startNdoto(data, environment)
  }
  const settings = { DATA_DIR: data, ...environment }
  const args = ['import', '--inbox', '1', join(files, 'contacts.csv'), join(files, 'conversations.jsonl')]
  const first = await run(args, settings)
  const again = await run(args, settings)
  const written = await run(['export', '--to', join(data, 'export')], settings)
  return { import: first.seconds, again: again.seconds, export: written.seconds, peak: first.peak }
}

/** Runs the program. `peak` is its highest memory use that was sampled, in MB. */
async function run(args: string[], environment: Record<string, string>) {
  const start = performance.now()
  const env = { PATH: process.env.PATH, ...environment }
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'inherit'], env })
  let peak = 0
  const sampling = setInterval(() => {
    peak = Math.max(peak, memory(child.pid!, 'VmHWM') || 0)
  }, 50)
  const [code] = await once(child, 'exit')
  clearInterval(sampling)
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}`)
  return { seconds: (performance.now() - start) / 1000, peak }
}

/** Inserts the same rows into a table with the same columns, checks and key. Returns the seconds it took. */
function bareOnSqlite(directory: string): number {
  const server = new DatabaseSync(join(directory, 'ndoto.db'), { readOnly: true })
  const { sql } = server.prepare("select sql from sqlite_schema where name = 'messages'").get() as {
    sql: string
  }
  const rows = server.prepare('select * from messages where source_id is not null').all() as Record<
    string,
    string
  >[]
  server.close()
  const database = new DatabaseSync(join(directory, 'loop.db'), { enableForeignKeyConstraints: false })
  database.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -16384; ${sql}`)
  const names = Object.keys(rows[0]!)
  const insert = database.prepare(
    `insert into messages (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`,
  )
  const start = performance.now()
  for (let from = 0; from < rows.length; from += batch) {
    database.exec('begin immediate')
    for (const row of rows.slice(from, from + batch)) insert.run(...Object.values(row))
    database.exec('commit')
  }
  const seconds = (performance.now() - start) / 1000
  database.close()
  return seconds
}

async function bareOnPostgres(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query('select * from messages where source_id is not null')
  await client.query(
    'create table plain (like messages including constraints, primary key (account_id, conversation_id, id))',
  )
  const names = Object.keys(rows[0])
  const text = `insert into plain (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`
  const start = performance.now()
  for (let from = 0; from < rows.length; from += batch) {
    await client.query('begin')
    for (const row of rows.slice(from, from + batch)) {
      await client.query({ name: 'insert', text, values: Object.values(row) })
    }
    await client.query('commit')
  }
  const seconds = (performance.now() - start) / 1000
  await client.end()
  return seconds
}

if (import.meta.main) await runBenchmark(measureImport)
