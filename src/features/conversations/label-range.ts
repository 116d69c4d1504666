import type { PageRange } from './ordered.store.ts'

/** How a list with labels is read: by the first of them. */
export function labelRange(ids: readonly number[]) {
  const [first, ...others] = ids
  // The bits of `label_bits`, each once.
  const bits = new Set(ids.map((id) => 2 ** (id % 52)))
  return {
    labels: JSON.stringify(ids),
    label_id: first!,
    other_labels: others.length === 0 ? null : JSON.stringify(others),
    label_bits: [...bits].reduce((sum, bit) => sum + bit),
  } satisfies Partial<PageRange>
}
