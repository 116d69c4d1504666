import { signal } from '@preact/signals'
import type { CustomAttributeDefinition } from './api-types.ts'
import { call } from './call.ts'
import { hear } from './live.ts'
import { accountPath } from './session.ts'

/** The definitions of custom attributes, by name; undefined until they are loaded. */
export const definitions = signal<readonly CustomAttributeDefinition[] | undefined>(undefined)

let path: string | undefined
let isFollowing = false

/** Loads the definitions unless they are known, and keeps them up to date with events. Throws CallError. */
export async function needDefinitions(): Promise<void> {
  if (!isFollowing) hear({ definition: () => void loadDefinitions(), reset: () => void loadDefinitions() })
  isFollowing = true
  if (definitions.value === undefined || path !== accountPath()) await loadDefinitions()
}

/** Loads the definitions. Throws CallError. */
export async function loadDefinitions(): Promise<void> {
  path = accountPath()
  const { payload } = await call<{ payload: CustomAttributeDefinition[] }>(
    `${path}/custom_attribute_definitions`,
  )
  definitions.value = payload
}

/** The definitions of the attributes of contacts or of conversations. */
export function definitionsFor(model: CustomAttributeDefinition['attribute_model']) {
  return (definitions.value ?? []).filter(({ attribute_model }) => attribute_model === model)
}
