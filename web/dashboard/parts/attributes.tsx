import type { ComponentChildren } from 'preact'
import { strings } from '../strings.ts'

const t = strings.details
const mostAttributes = 50
const longestValue = 500
// Deeper values are shown as JSON.
const deepest = 3

/** Custom attributes, each with its name; an object is shown as names with values of its own. */
export function Attributes({
  attributes,
  depth = 0,
}: {
  attributes: Record<string, unknown>
  depth?: number
}) {
  const all = Object.entries(attributes)
  return (
    <>
      {all.slice(0, mostAttributes).map(([name, value]) => (
        <Fact
          key={name}
          name={name.slice(0, longestValue)}
          value={isNested(value, depth) ? <Nested value={value} depth={depth + 1} /> : textOf(value)}
        />
      ))}
      {all.length > mostAttributes && (
        <Fact name={t.attributes} value={t.moreAttributes(all.length - mostAttributes)} />
      )}
    </>
  )
}

/** A name with a value. */
export function Fact({ name, value }: { name: string; value: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{typeof value === 'string' ? <bdi>{value}</bdi> : value}</dd>
    </div>
  )
}

function Nested({ value, depth }: { value: object; depth: number }) {
  // The items of a list have the names 1, 2, 3.
  const named = Array.isArray(value) ? Object.fromEntries(value.map((item, at) => [at + 1, item])) : value
  return (
    <dl class="facts">
      <Attributes attributes={named as Record<string, unknown>} depth={depth} />
    </dl>
  )
}

function isNested(value: unknown, depth: number): value is object {
  if (!isObject(value) || depth === deepest || Object.keys(value).length === 0) return false
  return !Array.isArray(value) || value.some(isObject)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function textOf(value: unknown): string {
  const text = wholeText(value)
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text
}

function wholeText(value: unknown): string {
  if (typeof value === 'boolean') return value ? t.yes : t.no
  if (Array.isArray(value) && value.length > 0 && !value.some(isObject))
    return value.map(wholeText).join(', ')
  if (isObject(value)) return Object.keys(value).length === 0 ? t.empty : JSON.stringify(value)
  return value === null || value === '' ? t.empty : String(value)
}
