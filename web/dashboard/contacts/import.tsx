import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { definitionsFor, needDefinitions } from '../data/definitions.ts'
import { isAdministrator } from '../data/session.ts'
import { Page, Section } from '../settings/page.tsx'
import { words } from '../settings/strings.ts'
import { decode, readTable, type Table } from './csv.ts'
import { startImport } from './import-state.ts'
import { Imports } from './imports.tsx'
import { addressFor } from './list-state.ts'
import { attributePrefix, fieldTargets, fileOf, guessTargets, type Target } from './mapping.ts'
import { contactWords as t } from './strings.ts'

// Bytes, because the page reads the file into memory. Larger files are for the command `ndoto import`.
const largestFile = 20 * 1024 * 1024
/** Imports contacts from a CSV file: its columns are mapped to fields, and the server imports it. */
export function ImportContacts() {
  useEffect(() => void needDefinitions().catch(() => {}), [])
  const table = useSignal<Table | undefined>(undefined)
  const targets = useSignal<readonly Target[]>([])
  const trouble = useSignal<string | undefined>(undefined)
  const name = useSignal('')
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
    name.value = file.name
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
          {table.value && <Run table={table.value} targets={targets.value} name={name.value} />}
          <Imports />
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
      value: `${attributePrefix}${one.attribute_key}`,
      text: one.attribute_display_name,
    })),
  ]
  return (
    <Section title={t.importColumns} lead={t.importColumnsLead}>
      <div class="edit-fields">
        {table.columns.map((column, index) => {
          const key = column.startsWith(attributePrefix) ? column.slice(attributePrefix.length) : column
          const own = `${attributePrefix}${key.replace(/\s+/g, '_')}`
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
                {!isKnown && <option value={own}>{t.importAttribute(key)}</option>}
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

interface RunProps {
  table: Table
  targets: readonly Target[]
  /** The name of the file. */
  name: string
}

function Run({ table, targets, name }: RunProps) {
  const trouble = useSignal<string | undefined>(undefined)
  const isSending = useSignal(false)
  const run = async (isDryRun: boolean) => {
    if (isSending.value) return
    isSending.value = true
    trouble.value = undefined
    try {
      await startImport(new Blob([fileOf(table, targets)], { type: 'text/csv' }), name, isDryRun)
    } catch (error) {
      trouble.value = (error as Error).message
    }
    isSending.value = false
  }
  return (
    <Section title={t.importRun} lead={t.importRunLead}>
      <div class="buttons">
        <button
          type="button"
          class="button-quiet"
          aria-disabled={isSending.value}
          onClick={() => void run(true)}
        >
          {t.importCheck}
        </button>
        <button type="button" class="button" aria-disabled={isSending.value} onClick={() => void run(false)}>
          {t.importStart(table.rows.length)}
        </button>
      </div>
      {trouble.value !== undefined && (
        <p class="trouble" role="alert">
          {trouble.value}
        </p>
      )}
    </Section>
  )
}
