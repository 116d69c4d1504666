import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { strings } from '../strings.ts'

interface Loaded {
  trouble: Signal<string | undefined>
  isLoading: Signal<boolean>
  load(): Promise<void>
  loadMore(): Promise<void>
}

/** Says that a list could not be loaded, with a button that tries again. */
export function ListTrouble({ list: { trouble, load } }: { list: Loaded }) {
  if (trouble.value === undefined) return null
  return (
    <p class="trouble" role="alert">
      {trouble.value}{' '}
      <button type="button" class="button-link" onClick={() => void load()}>
        {strings.retry}
      </button>
    </p>
  )
}

export function MoreButton({ list: { isLoading, loadMore }, text }: { list: Loaded; text: string }) {
  return (
    <button
      type="button"
      class="button-quiet"
      aria-disabled={isLoading.value}
      onClick={() => void loadMore()}
    >
      {isLoading.value ? strings.loading : text}
    </button>
  )
}

// Milliseconds without a letter after which a list is searched.
const pause = 200

interface SearchProps {
  label: string
  /** What the list is searched for now. */
  value: string
  onSearch(text: string): void
}

/** The field in which a search is typed. */
export function ListSearch({ label, value, onSearch }: SearchProps) {
  const typed = useSignal(value)
  useEffect(() => {
    if (typed.value === value) return
    const timer = setTimeout(() => onSearch(typed.value), pause)
    return () => clearTimeout(timer)
  }, [typed.value])
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      autocomplete="off"
      dir="auto"
      maxLength={200}
      value={typed.value}
      onInput={({ currentTarget }) => {
        typed.value = currentTarget.value
      }}
    />
  )
}
