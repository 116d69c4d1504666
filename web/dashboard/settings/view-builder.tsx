import type { Signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { needDefinitions } from '../data/definitions.ts'
import { hasValues, operatorsFor } from '../parts/field-kinds.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { useField } from './fields.tsx'
import {
  type Condition,
  fieldGroups,
  fieldOf,
  type Groups,
  newCondition,
  typedAttribute,
  withField,
  withOperator,
} from './view-conditions.ts'
import { viewWords as t } from './view-strings.ts'
import { ConditionValues } from './view-values.tsx'

/** The conditions of a view. AND binds before OR, so a group is what AND joins, and OR is between the groups. */
export function ViewBuilder({ groups }: { groups: Signal<Groups> }) {
  const box = useRef<HTMLFieldSetElement>(null)
  useEffect(() => void needDefinitions().catch(() => {}), [])
  const replace = (at: number, group: readonly Condition[]) => {
    groups.value = groups.value.toSpliced(at, 1, ...(group.length > 0 ? [group] : []))
  }
  const remove = (at: number, index: number) => {
    replace(at, groups.value[at]!.toSpliced(index, 1))
    box.current!.querySelector<HTMLElement>('.buttons button')?.focus()
  }
  const hasOne = groups.value.flat().length === 1
  let number = 0
  return (
    <fieldset class="field conditions" ref={box}>
      <legend>{t.conditions}</legend>
      <small class="quiet">{t.conditionsHint}</small>
      {groups.value.map((group, at) => (
        <>
          {at > 0 && <p class="condition-or">{t.or}</p>}
          <fieldset class="condition-group">
            <legend class="unseen">{t.group(at + 1)}</legend>
            {group.map((condition, index) => (
              <ConditionRow
                condition={condition}
                number={number++}
                isFirst={index === 0}
                onChange={(changed) => replace(at, group.with(index, changed))}
                onRemove={hasOne ? undefined : () => remove(at, index)}
              />
            ))}
            <div class="buttons">
              <button
                type="button"
                class="button-quiet button-small"
                onClick={() => replace(at, [...group, newCondition])}
              >
                {t.addCondition}
              </button>
            </div>
          </fieldset>
        </>
      ))}
      <div>
        <button
          type="button"
          class="button-quiet button-small"
          onClick={() => {
            groups.value = [...groups.value, [newCondition]]
          }}
        >
          {t.addGroup}
        </button>
      </div>
    </fieldset>
  )
}

interface RowProps {
  condition: Condition
  /** Its place in the filter, from 0. */
  number: number
  isFirst: boolean
  onChange(condition: Condition): void
  onRemove: (() => void) | undefined
}

function ConditionRow({ condition, number, isFirst, onChange, onRemove }: RowProps) {
  const key = useField({ name: `filter[${number}].attribute_key`, label: t.attribute })
  const operator = useField({ name: `filter[${number}].filter_operator`, label: t.operator })
  const values = useField({ name: `filter[${number}].values`, label: t.values })
  const field = fieldOf(condition)
  const isTyped = field.kind === 'any'
  const change = (changed: Condition) => {
    onChange(changed)
    for (const { clear } of [key, operator, values]) clear()
  }
  return (
    <div class="condition">
      {!isFirst && <span class="condition-and">{t.and}</span>}
      <div class="condition-line">
        <div class="condition-parts">
          <select
            aria-label={t.field}
            value={isTyped ? typedAttribute : condition.key}
            onChange={({ currentTarget }) => change(withField(condition, currentTarget.value))}
          >
            {fieldGroups.value.map(({ title, fields }) => (
              <optgroup key={title} label={title}>
                {fields.map(({ key, text }) => (
                  <option key={key} value={key}>
                    {text}
                  </option>
                ))}
              </optgroup>
            ))}
            <option value={typedAttribute}>{t.fields.attribute}</option>
          </select>
          {isTyped && (
            <input
              {...key.control}
              type="text"
              aria-label={t.attribute}
              placeholder={t.attribute}
              maxLength={255}
              value={condition.key}
              onInput={({ currentTarget }) => change({ ...condition, key: currentTarget.value, isTyped })}
            />
          )}
          <select
            {...operator.control}
            aria-label={t.operator}
            value={condition.operator}
            onChange={({ currentTarget }) =>
              change(withOperator(condition, currentTarget.value as Condition['operator']))
            }
          >
            {operatorsFor(field.kind, condition.operator).map(({ value, text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
          {hasValues(condition.operator) && (
            <ConditionValues
              condition={condition}
              field={field}
              control={values.control}
              onChange={(chosen) => change({ ...condition, values: chosen })}
            />
          )}
        </div>
        {onRemove && <IconButton icon="trash" name={t.removeCondition} onClick={onRemove} />}
      </div>
      {key.notes}
      {operator.notes}
      {values.notes}
    </div>
  )
}
