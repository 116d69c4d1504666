import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page } from 'playwright-core'
import { environment, noBrowser, startBrowser } from '../test/browser/chromium.ts'
import { createData, type FilledConversation } from './data.ts'
import { temporaryDirectory } from './directory.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { startNdoto } from './servers.ts'
import { median, percentile } from './statistics.ts'

const messages = 100_000
const conversations = 10_000
const rounds = 21
const goal = 100
// In kilobytes, compressed.
const budget = 80
// Users notice frames that are longer than this (https://www.w3.org/TR/longtasks/).
const long = 50

/** Measures loading the page, opening a conversation of 100,000 messages, and scrolling a list of 10,000. */
export async function measureDashboard(): Promise<Report> {
  if (noBrowser) throw new Error(noBrowser)
  using directory = temporaryDirectory()
  const [large] = (await createData(directory.path, [{ messages }], environment)) as [FilledConversation]
  fillList(directory.path, large.id)
  await using server = await startNdoto(directory.path, environment)
  const browser = await startBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1300, height: 800 } })
    const url = `http://127.0.0.1:${server.port}`
    const loaded = await firstLoad(page, url)
    await signIn(page)
    const list = await times(() => listTime(page, url))
    const thread = await times(() => openTime(page, url, large.id))
    const frames = await scrollAll(page, url)
    return report({ loaded, list, thread, frames })
  } finally {
    await browser.close()
  }
}

/** Fills the account with conversations that have one message each. The large one remains the newest. */
function fillList(directory: string, largeId: number): void {
  const database = new DatabaseSync(join(directory, 'ndoto.db'))
  const columns = (table: string) =>
    (database.prepare(`select name from pragma_table_info('${table}')`).all() as { name: string }[]).map(
      ({ name }) => name,
    )
  const copy = (table: string, own: Record<string, string>, where: string) => {
    const names = columns(table)
    database.exec(`insert into ${table} (${names.join(', ')})
      with recursive n (i) as (select ${largeId + 1} union all select i + 1 from n where i < ${conversations})
      select ${names.map((name) => own[name] ?? `t.${name}`).join(', ')} from n cross join ${table} t where ${where}`)
  }
  const time = 't.last_activity_at - n.i * 60000'
  database.exec('begin')
  copy('conversations', { id: 'n.i', last_activity_at: time }, 't.account_id = 1 and t.id = 1')
  const at = 't.created_at - n.i * 60000'
  const own = { conversation_id: 'n.i', id: '5000000000 + n.i', created_at: at, updated_at: at }
  copy('messages', own, 't.account_id = 1 and t.conversation_id = 1 and t.id = 1')
  database.exec(
    `update counters set value = ${conversations} where account_id = 1 and name = 'conversations'; commit`,
  )
  database.close()
}

/** Returns the transferred bytes of the page with its files, without those that are loaded with the settings. */
async function firstLoad(page: Page, url: string): Promise<number> {
  const sizes: Promise<number>[] = []
  page.on('requestfinished', (request) => {
    if (/\/(?:assets\/.*)?$/.test(new URL(request.url()).pathname)) {
      sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
    }
  })
  await page.goto(url)
  await page.getByLabel('Password').waitFor()
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Email address').fill('admin@example.com')
  await page.getByLabel('Password').fill(environment.NDOTO_ADMIN_PASSWORD)
  await page.keyboard.press('Enter')
  await page.locator('[data-row]').first().waitFor()
}

async function times(measure: () => Promise<number>): Promise<number[]> {
  const all: number[] = []
  for (let round = -2; round < rounds; round++) {
    const time = await measure()
    if (round >= 0) all.push(time)
  }
  return all.sort((one, other) => one - other)
}

/** Measures from the start of loading the page, with its files in the cache, until the list is painted. */
async function listTime(page: Page, url: string): Promise<number> {
  await page.goto('about:blank')
  await page.goto(url, { waitUntil: 'commit' })
  return page.evaluate<number>(`(${untilPainted})(() => {}, '[data-row]').then(() => performance.now())`)
}

/** Measures from the click on a conversation until its newest message is painted, for the first time on the page. */
async function openTime(page: Page, url: string, id: number): Promise<number> {
  await page.goto('about:blank')
  await page.goto(url)
  await page.locator(`[data-row="${id}"]`).waitFor()
  return page.evaluate<number>(
    `(${untilPainted})(() => document.querySelector('[data-row="${id}"]').click(), '[data-message] .message-foot')`,
  )
}

// As text, because this program has no DOM types. Resolves with the milliseconds from the action until it is painted: a
// frame is painted right after its animation callbacks, and before the next task.
const untilPainted = `async (action, selector) => {
  const start = performance.now()
  action()
  while (!document.querySelector(selector)) await new Promise(requestAnimationFrame)
  await new Promise((resolve) => setTimeout(resolve))
  return performance.now() - start
}`

interface Frames {
  rows: number
  seconds: number
  /** The milliseconds of each frame, sorted. */
  each: number[]
}

/** Scrolls with the wheel to the end of the list. */
async function scrollAll(page: Page, url: string): Promise<Frames> {
  await page.goto('about:blank')
  await page.goto(url)
  await page.locator('[data-row]').first().waitFor()
  await page.evaluate(`(() => {
    window.frames_ = []
    let last = performance.now()
    const record = (time) => {
      window.frames_.push(time - last)
      last = time
      requestAnimationFrame(record)
    }
    requestAnimationFrame(record)
  })()`)
  const start = performance.now()
  await page.mouse.move(250, 400)
  const rows = () => page.evaluate<number>(`document.querySelector('.list-rows').clientHeight / 100`)
  let rowCount = 0
  for (let idle = 0; idle < 50; ) {
    await page.mouse.wheel(0, 1500)
    const now = Math.round(await rows())
    idle = now > rowCount ? 0 : idle + 1
    rowCount = now
  }
  const each = await page.evaluate<number[]>('window.frames_')
  return {
    rows: rowCount,
    seconds: (performance.now() - start) / 1000,
    each: each.sort((one, other) => one - other),
  }
}

interface Results {
  loaded: number
  list: number[]
  thread: number[]
  frames: Frames
}

function report({ loaded, list, thread, frames }: Results): Report {
  const row = (name: string, values: number[]) => [
    name,
    ...[0.5, 0.95, 1].map((share) => `${percentile(values, share).toFixed(0)} ms`),
  ]
  const longFrames = frames.each.filter((time) => time > long).length
  const share = longFrames / frames.each.length
  return {
    title: `The dashboard in Chromium on the same machine, ${rounds} times`,
    table: [
      ['', 'median', '95 of 100', 'worst'],
      [`first load, compressed: ${(loaded / 1000).toFixed(1)} kB`, '', '', ''],
      row(`the list of ${count(conversations)} conversations, from loading the page`, list),
      row(`a conversation of ${count(messages)} messages, from the click`, thread),
      row(
        `a frame while ${count(frames.rows)} rows are scrolled in ${frames.seconds.toFixed(0)} s`,
        frames.each,
      ),
      [`frames longer than ${long} ms: ${longFrames} of ${count(frames.each.length)}`, '', '', ''],
    ],
    claims: [
      {
        work: 'First load of the dashboard, compressed',
        measured: `${(loaded / 1000).toFixed(0)} kB`,
        goal: `${budget} kB`,
        met: loaded <= budget * 1000,
      },
      {
        work: `Opening a conversation of ${count(messages)} messages in the dashboard`,
        measured: `${median(thread).toFixed(0)} ms`,
        goal: `${goal} ms`,
        met: median(thread) < goal,
      },
      {
        work: `Scrolling through ${count(conversations)} conversations: frames longer than ${long} ms`,
        measured: `${(share * 100).toFixed(1)}%`,
        goal: '1%',
        met: share <= 0.01 && frames.rows >= conversations - 1,
      },
    ],
  }
}

if (import.meta.main) await runBenchmark(measureDashboard)
