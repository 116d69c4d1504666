import type { Signal } from '@preact/signals'
import type { Action } from '../data/api-types.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { FieldGroup } from './fields.tsx'
import { ActionParameters } from './macro-parameters.tsx'
import { macroWords as t } from './macro-strings.ts'

const names = Object.keys(t.names) as Action['action_name'][]
const most = 20

/** The parameters that an action has at first. */
const first: Record<Action['action_name'], unknown[]> = {
  send_message: [''],
  add_private_note: [''],
  add_label: [],
  remove_label: [],
  assign_agent: [null],
  assign_team: [null],
  change_status: ['resolved'],
  snooze_conversation: [3600],
  change_priority: ['high'],
  set_attribute: ['', ''],
  mute_conversation: [],
  send_email_transcript: [],
  send_webhook_event: [0],
}

/** The steps of a macro: each has a name and parameters. */
export function MacroActions({ actions }: { actions: Signal<readonly Action[]> }) {
  const all = actions.value
  const change = (index: number, action: Action) => {
    actions.value = all.with(index, action)
  }
  return (
    <FieldGroup name="actions" label={t.actions}>
      <ol class="macro-steps">
        {all.map((action, index) => (
          <li key={index} class="macro-step">
            <div class="macro-step-head">
              <select
                aria-label={t.step(index + 1)}
                value={action.action_name}
                title={t.names[action.action_name]}
                onChange={({ currentTarget }) => {
                  const name = currentTarget.value as Action['action_name']
                  change(index, { action_name: name, action_params: first[name] })
                }}
              >
                {names.map((name) => (
                  <option key={name} value={name}>
                    {t.names[name]}
                  </option>
                ))}
              </select>
              {index > 0 && (
                <IconButton
                  icon="up"
                  name={t.moveUp(index + 1)}
                  onClick={() => {
                    actions.value = all.with(index - 1, action).with(index, all[index - 1]!)
                  }}
                />
              )}
              <IconButton
                icon="trash"
                name={t.removeStep(index + 1)}
                onClick={() => {
                  actions.value = all.toSpliced(index, 1)
                }}
              />
            </div>
            <ActionParameters
              action={action}
              number={index + 1}
              onChange={(parameters) => change(index, { ...action, action_params: parameters })}
            />
          </li>
        ))}
      </ol>
      {all.length < most && (
        <button
          type="button"
          class="button-quiet"
          onClick={() => {
            actions.value = [...all, { action_name: 'send_message', action_params: first.send_message }]
          }}
        >
          {t.add}
        </button>
      )}
    </FieldGroup>
  )
}
