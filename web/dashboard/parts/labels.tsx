import type { Conversation } from '../data/api-types.ts'
import { changeLabels } from '../data/changes.ts'
import { strings } from '../strings.ts'
import { LabelField } from './label-field.tsx'

/** The labels of a conversation, with controls to add and remove them. */
export function Labels({ conversation: { id, labels } }: { conversation: Conversation }) {
  const change = (titles: string[]) => void changeLabels(id, titles)
  return <LabelField id="add-label" texts={strings.details} titles={labels} onChange={change} />
}
