import { signal } from '@preact/signals'
import type { Macro, MacroPreview, MacroRun } from './api-types.ts'
import { call } from './call.ts'
import { attempt } from './changes.ts'
import { hear } from './live.ts'
import { accountPath } from './session.ts'
import { offerUndo } from './undo.ts'

/** The macros that the user sees, by name; undefined until they were needed. */
export const macros = signal<readonly Macro[] | undefined>(undefined)

/** Loads the macros. Throws CallError. */
export async function loadMacros(): Promise<void> {
  macros.value = (await call<{ payload: Macro[] }>(`${accountPath()}/macros`)).payload
}

/** Loads the macros, unless they are loaded. Errors are ignored. */
export function needMacros(): void {
  if (!macros.peek()) void loadMacros().catch(() => {})
}

/** Keeps the macros up to date, once they are loaded. */
export function followMacros(): () => void {
  const again = () => {
    if (macros.peek()) void loadMacros().catch(() => {})
  }
  const stop = hear({ macro: again, reset: again })
  return () => {
    stop()
    macros.value = undefined
  }
}

/** Returns what a macro would do to a conversation. Throws CallError. */
export function previewMacro(id: number, conversation: number): Promise<MacroPreview> {
  const body = { conversation_id: conversation }
  return call<MacroPreview>(`${accountPath()}/macros/${id}/preview`, { method: 'POST', body })
}

/** Runs a macro on a conversation, and offers to undo it. */
export function runMacro(
  { id, name }: Macro,
  conversation: number,
  said: (name: string) => string,
): Promise<boolean> {
  return attempt(async () => {
    const body = { conversation_id: conversation }
    const run = await call<MacroRun>(`${accountPath()}/macros/${id}/execute`, { method: 'POST', body })
    offerUndo({ text: said(name), undo: () => undoRun(run.id) })
  })
}

async function undoRun(id: number): Promise<void> {
  await attempt(() => call(`${accountPath()}/macro_runs/${id}/undo`, { method: 'POST' }))
}
