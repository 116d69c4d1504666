import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { call } from '../data/call.ts'
import { definitionsFor, needDefinitions } from '../data/definitions.ts'
import { accountPath, isAdministrator } from '../data/session.ts'
import { Page, Section } from '../settings/page.tsx'
import { words } from '../settings/strings.ts'
import { decode, readTable, type Table } from './csv.ts'
import { addressFor, loadList } from './list-state.ts'
import { contactsOf, fieldTargets, guessTargets, type Target } from './mapping.ts'
import { contactWords as t } from './strings.ts'

const batchSize = 200
// Bytes. Larger files are for the command `ndoto import`.
const largestFile = 20 * 1024 * 1024
const mostShown = 100

interface Report {
  isDryRun: boolean
  done: number
  all: number
  stored: number
  known: number
  refused: readonly { line: number; error: string }[]
}

/** Imports contacts from a CSV file: its columns are mapped to fields, it is checked, and it is sent in batches. */
export function ImportContacts() {
  useEffect(() => void needDefinitions().catch(() => {}), [])
  const table = useSignal<Table | undefined>(undefined)
  const targets = useSignal<readonly Target[]>([])
  const trouble = useSignal<string | undefined>(undefined)
  const choose = async (file: File | undefined) => {
    table.value = undefined
    trouble.value = undefined
    if (!file) return
    if (file.size > largestFile) {
      trouble.value = t.importTooLarge
      return
    }
    const read = readTable(decode(await file.arrayBuffer()))
    if (read.rows.length === 0) {
      trouble.value = t.importEmpty
      return
    }
    targets.value = guessTargets(read.columns, definitionsFor('contact_attribute'))
    table.value = read
  }
  return (
    <Page title={t.importTitle} lead={t.importLead} back={{ to: addressFor(undefined), name: t.back }}>
      {isAdministrator.value ? (
        <>
          <Section title={t.importFile}>
            <input
              type="file"
              aria-label={t.importFile}
              accept=".csv,text/csv"
              onChange={({ currentTarget }) => void choose(currentTarget.files?.[0])}
            />
            {trouble.value !== undefined && (
              <p class="trouble" role="alert">
                {trouble.value}
              </p>
            )}
          </Section>
          {table.value && <Mapping table={table.value} targets={targets} />}
          {table.value && <Run table={table.value} targets={targets.value} />}
        </>
      ) : (
        <p>{words.nav.administratorsOnly}</p>
      )}
    </Page>
  )
}

function Mapping({ table, targets }: { table: Table; targets: Signal<readonly Target[]> }) {
  const options = [
    ...fieldTargets.map((value) => ({ value: value as string, text: t.targets[value] })),
    ...definitionsFor('contact_attribute').map((one) => ({
      value: `custom:${one.attribute_key}`,
      text: one.attribute_display_name,
    })),
  ]
  return (
    <Section title={t.importColumns} lead={t.importColumnsLead}>
      <div class="edit-fields">
        {table.columns.map((column, index) => {
          const own = `custom:${column.replace(/\s+/g, '_')}`
          const isKnown = column === '' || options.some(({ value }) => value === own)
          return (
            <label key={index} class="field">
              <span>
                <bdi>{column || t.importUnnamed(index + 1)}</bdi>
              </span>
              <select
                value={targets.value[index] ?? ''}
                onChange={({ currentTarget }) => {
                  const chosen = currentTarget.value
                  targets.value = table.columns.map((_, at) =>
                    at === index
                      ? chosen
                      : chosen !== '' && targets.value[at] === chosen
                        ? ''
                        : targets.value[at]!,
                  )
                }}
              >
                <option value="">{t.importNothing}</option>
                {options.map(({ value, text }) => (
                  <option key={value} value={value}>
                    {text}
                  </option>
                ))}
                {!isKnown && <option value={own}>{t.importAttribute(column)}</option>}
              </select>
              <small class="quiet import-sample">
                <bdi>{sampleOf(table, index)}</bdi>
              </small>
            </label>
          )
        })}
      </div>
    </Section>
  )
}

function sampleOf({ rows }: Table, index: number): string {
  const values = rows.slice(0, 20).flatMap(({ cells }) => cells[index]?.trim() || [])
  return values.slice(0, 2).join(' · ').slice(0, 120)
}

function Run({ table, targets }: { table: Table; targets: readonly Target[] }) {
  const report = useSignal<Report | undefined>(undefined)
  const trouble = useSignal<string | undefined>(undefined)
  const stop = useRef<AbortController | undefined>(undefined)
  const isRunning = useSignal(false)
  useEffect(() => () => stop.current?.abort(), [])
  const run = async (isDryRun: boolean) => {
    if (isRunning.value) return
    isRunning.value = true
    trouble.value = undefined
    const controller = new AbortController()
    stop.current = controller
    try {
      const contacts = contactsOf(table, targets)
      const begun = { isDryRun, done: 0, all: contacts.length, stored: 0, known: 0, refused: [] }
      report.value = begun
      for (let at = 0; at < contacts.length; at += batchSize) {
        const batch = contacts.slice(at, at + batchSize)
        const body = { contacts: batch.map(({ contact }) => contact), dry_run: isDryRun }
        const result = await call<{
          stored: number
          known: number
          refused: { index: number; error: string }[]
        }>(`${accountPath()}/contacts/imports`, { method: 'POST', body, signals: [controller.signal] })
        report.value = added(report.value!, batch, result)
      }
    } catch (error) {
      if (!controller.signal.aborted) trouble.value = (error as Error).message
    }
    isRunning.value = false
    if (!isDryRun) void loadList()
  }
  return (
    <Section title={t.importRun} lead={t.importRunLead}>
      <div class="buttons">
        <button
          type="button"
          class="button-quiet"
          aria-disabled={isRunning.value}
          onClick={() => void run(true)}
        >
          {t.importCheck}
        </button>
        <button type="button" class="button" aria-disabled={isRunning.value} onClick={() => void run(false)}>
          {t.importStart(table.rows.length)}
        </button>
        {isRunning.value && (
          <button type="button" class="button-quiet" onClick={() => stop.current?.abort()}>
            {t.importStop}
          </button>
        )}
      </div>
      {trouble.value !== undefined && (
        <p class="trouble" role="alert">
          {trouble.value} {t.importAgain}
        </p>
      )}
      {report.value && <Shown report={report.value} table={table} />}
    </Section>
  )
}

function added(
  before: Report,
  batch: readonly { line: number }[],
  result: { stored: number; known: number; refused: { index: number; error: string }[] },
): Report {
  const refused = result.refused.map(({ index, error }) => ({ line: batch[index]!.line, error }))
  return {
    ...before,
    done: before.done + batch.length,
    stored: before.stored + result.stored,
    known: before.known + result.known,
    refused: [...before.refused, ...refused],
  }
}

function Shown({ report, table }: { report: Report; table: Table }) {
  const { done, all, stored, known, refused, isDryRun } = report
  return (
    <>
      <progress aria-label={t.importRun} max={all} value={done} />
      <p role="status">
        {isDryRun
          ? t.importChecked(stored, known, refused.length)
          : t.imported(stored, known, refused.length)}
      </p>
      <ul class="import-faults">
        {refused.slice(0, mostShown).map(({ line, error }) => (
          <li key={line}>{t.importFault(line, error)}</li>
        ))}
      </ul>
      {refused.length > 0 && (
        <div class="buttons">
          <button type="button" class="button-quiet" onClick={() => saveRefused(table, refused)}>
            {t.importSave}
          </button>
        </div>
      )}
    </>
  )
}

/** Saves the refused lines as a CSV file, with what is wrong in a column of its own. */
function saveRefused({ columns, rows }: Table, refused: Report['refused']): void {
  const errors = new Map(refused.map(({ line, error }) => [line, error]))
  const lines = rows
    .filter(({ line }) => errors.has(line))
    .map(({ line, cells }) => [...cells, errors.get(line)!])
  const text = [[...columns, 'error'], ...lines].map((cells) => cells.map(cellOf).join(',')).join('\r\n')
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  link.download = 'refused-contacts.csv'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

function cellOf(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
