import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { BulkAction } from '../data/api-types.ts'
import { bulkAction, closeBulk, followBulk, mostNamed, startBulk, stopBulk, undoBulk } from '../data/bulk.ts'
import { agents, labels, teams } from '../data/directory.ts'
import { filter } from '../data/filter.ts'
import { clearSelection, isSelecting, isViewSelected, selected } from '../data/selection.ts'
import { strings } from '../strings.ts'
import { IconButton } from './icon-button.tsx'

const t = strings.bulk

/** What can be done with the selected conversations, and the progress of the last bulk action. */
export function BulkBar() {
  useEffect(followBulk, [])
  if (isSelecting.value) return <Selection />
  return bulkAction.value ? <Progress action={bulkAction.value} /> : null
}

function Selection() {
  const { size } = selected.value
  return (
    <section class="bulk" aria-label={t.label}>
      <div class="bulk-line">
        <strong role="status">{isViewSelected.value ? t.all : t.count(size)}</strong>
        <IconButton icon="close" name={t.clear} onClick={clearSelection} />
      </div>
      {filter.value.view && !isViewSelected.value && (
        <button
          type="button"
          class="button-link"
          onClick={() => {
            isViewSelected.value = true
          }}
        >
          {t.selectAll}
        </button>
      )}
      {!isViewSelected.value && size > mostNamed && <p class="quiet">{t.tooMany(mostNamed)}</p>}
      <ActionChoice />
    </section>
  )
}

type Action = BulkAction['actions'][number]
type Group = [name: string, options: [text: string, action_name: Action['action_name'], value: unknown][]]

/** A choice and a button: a choice alone would act while somebody looks through it with the arrow keys. */
function ActionChoice() {
  const chosen = useSignal('')
  return (
    <form
      class="bulk-line"
      onSubmit={(event) => {
        event.preventDefault()
        if (chosen.value) void startBulk(JSON.parse(chosen.value))
      }}
    >
      <select
        aria-label={t.action}
        value={chosen}
        onChange={({ currentTarget }) => {
          chosen.value = currentTarget.value
        }}
      >
        <option value="">{t.choose}</option>
        {groups().map(([name, options]) => (
          <optgroup key={name} label={name}>
            {options.map(([text, action_name, value]) => (
              <option key={text} value={JSON.stringify({ action_name, action_params: [value] })}>
                {text}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <button type="submit" class="button" aria-disabled={chosen.value === ''}>
        {t.apply}
      </button>
    </form>
  )
}

function groups(): Group[] {
  const { details, list } = strings
  const ofLabels = (action: 'add_label' | 'remove_label'): Group[1] =>
    labels.value.map(({ title }) => [title, action, title])
  const statuses = ['resolved', 'open', 'pending'] as const
  const priorities = ['urgent', 'high', 'medium', 'low'] as const
  const all: Group[] = [
    [t.groups.status, statuses.map((one) => [list.statuses[one], 'change_status', one])],
    [
      t.groups.assignee,
      [
        [details.unassigned, 'assign_agent', null],
        ...agents.value.map(({ id, name }): Group[1][number] => [name, 'assign_agent', id]),
      ],
    ],
    [
      t.groups.team,
      [
        [details.noTeam, 'assign_team', null],
        ...teams.value.map(({ id, name }): Group[1][number] => [name, 'assign_team', id]),
      ],
    ],
    [
      t.groups.priority,
      [
        ...priorities.map((one): Group[1][number] => [details.priorities[one], 'change_priority', one]),
        [details.noPriority, 'change_priority', null],
      ],
    ],
    [t.groups.addLabel, ofLabels('add_label')],
    [t.groups.removeLabel, ofLabels('remove_label')],
  ]
  return all.filter(([, options]) => options.length > 0)
}

function Progress({ action }: { action: BulkAction }) {
  const { status, total, done_count, failed_count, undone_count, kept_count, failures } = action
  const isRunning = status === 'collecting' || status === 'running'
  const done = status === 'undoing' ? undone_count + kept_count : done_count + failed_count
  const text = {
    collecting: t.collecting,
    running: t.running(done, total),
    done: t.done(done_count),
    stopped: t.stopped(done, total),
    undoing: t.undoing(done, done_count),
    undone: t.undone(undone_count),
  }[status]
  return (
    <section class="bulk" aria-label={t.label}>
      <div class="bulk-line">
        <strong role="status">{text}</strong>
        {isRunning && (
          <button type="button" class="button-quiet button-small" onClick={() => void stopBulk()}>
            {t.stop}
          </button>
        )}
        {action.undoable_until !== null && done_count > 0 && (
          <button type="button" class="button-quiet button-small" onClick={() => void undoBulk()}>
            {t.undo}
          </button>
        )}
        {!isRunning && status !== 'undoing' && (
          <IconButton icon="close" name={strings.close} onClick={closeBulk} />
        )}
      </div>
      {(isRunning || status === 'undoing') && (
        <progress
          aria-label={t.progress}
          max={status === 'undoing' ? done_count : total}
          value={status === 'collecting' ? undefined : done}
        />
      )}
      {failures[0] && <p class="quiet">{t.failed(failed_count, failures[0].error)}</p>}
      {kept_count > 0 && <p class="quiet">{t.kept(kept_count)}</p>}
      {action.capped && status === 'done' && <p class="quiet">{t.capped}</p>}
    </section>
  )
}
