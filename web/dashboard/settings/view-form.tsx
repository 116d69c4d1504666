import { useSignal } from '@preact/signals'
import type { View } from '../data/api-types.ts'
import { RadioGroup, TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { ViewBuilder } from './view-builder.tsx'
import { filterOf, type Groups, groupsOf, newCondition } from './view-conditions.ts'
import { viewWords as t } from './view-strings.ts'

interface ViewFormProps {
  view?: View
  action: string
  work(body: object): Promise<void>
}

/** The form for a new or an existing view. Who can use it is decided once. */
export function ViewForm({ view, action, work }: ViewFormProps) {
  const name = useSignal(view?.name ?? '')
  const groups = useSignal<Groups>(view ? groupsOf(view.filter) : [[{ ...newCondition, values: ['open'] }]])
  const visibility = useSignal<View['visibility']>('account')
  const send = () => {
    const body = { name: name.value, filter: filterOf(groups.value) }
    return work(view ? body : { ...body, visibility: visibility.value })
  }
  return (
    <Form label={t.settings} action={action} work={send}>
      <TextField name="name" label={t.name} value={name} placeholder={t.namePlaceholder} />
      <ViewBuilder groups={groups} />
      {!view && (
        <RadioGroup
          name="visibility"
          label={t.visibility}
          value={visibility}
          options={(['account', 'mine'] as const).map((value) => ({ value, text: t.visibilities[value] }))}
        />
      )}
    </Form>
  )
}
