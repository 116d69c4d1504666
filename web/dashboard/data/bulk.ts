import { signal } from '@preact/signals'
import type { BulkAction } from './api-types.ts'
import { call } from './call.ts'
import { attempt } from './changes.ts'
import { filter } from './filter.ts'
import { clearSelection, isViewSelected, selected } from './selection.ts'
import { accountPath } from './session.ts'

/** The last bulk action of the user, with its progress; undefined if none is shown. */
export const bulkAction = signal<BulkAction | undefined>(undefined)

/** The most conversations that a request can name. */
export const mostNamed = 1000

// Milliseconds between two questions for the progress.
const pause = 500
let timer: ReturnType<typeof setTimeout> | undefined

const isRunning = ({ status }: BulkAction) => ['collecting', 'running', 'undoing'].includes(status)

/** Runs an action on what is selected, which is no longer selected then. */
export function startBulk(action: BulkAction['actions'][number]): Promise<boolean> {
  const target = isViewSelected.value
    ? { view_id: filter.value.view }
    : { conversation_ids: [...selected.value].slice(0, mostNamed) }
  return attempt(async () => {
    show(
      await call(`${accountPath()}/bulk_actions`, { method: 'POST', body: { ...target, actions: [action] } }),
    )
    clearSelection()
  })
}

export function stopBulk(): Promise<boolean> {
  return change('stop')
}

export function undoBulk(): Promise<boolean> {
  return change('undo')
}

function change(name: 'stop' | 'undo'): Promise<boolean> {
  return attempt(async () => {
    show(await call(`${accountPath()}/bulk_actions/${bulkAction.value!.id}/${name}`, { method: 'POST' }))
  })
}

export function closeBulk(): void {
  clearTimeout(timer)
  bulkAction.value = undefined
}

/** Shows the bulk action that is still running, if there is one. Returns a function that ends asking for its progress. */
export function followBulk(): () => void {
  void call<{ payload: BulkAction[] }>(`${accountPath()}/bulk_actions`)
    .then(({ payload }) => {
      const running = payload.find(isRunning)
      if (running && !bulkAction.value) show(running)
    })
    .catch(() => {})
  return closeBulk
}

function show(next: BulkAction): void {
  clearTimeout(timer)
  bulkAction.value = next
  if (isRunning(next)) timer = setTimeout(() => void ask(next.id), pause)
}

async function ask(id: number): Promise<void> {
  const found = await call<BulkAction>(`${accountPath()}/bulk_actions/${id}`).catch(() => undefined)
  const current = bulkAction.value
  // Another one was begun, or this one was stopped meanwhile.
  if (current?.id !== id || !isRunning(current)) return
  show(found ?? current)
}
