import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import './popover.css'
import type { CannedResponse, RenderedResponse } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { hear } from '../data/live.ts'
import { accountPath } from '../data/session.ts'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'
import { popoverStrings as t } from './popover-strings.ts'
import type { Slash } from './slash.ts'
import { type SlashState, writeInto } from './slash-state.ts'

export interface PopoverProps {
  conversation: number
  field: { current: HTMLTextAreaElement | null }
  state: SlashState
  /** Called with the id and files of the canned response that was written into the field. */
  onInsert(id: number, files: RenderedResponse['attachments']): void
  onClose(): void
}

interface Found {
  query: string
  responses: readonly CannedResponse[]
  hasMore: boolean
}

/** The canned responses that fit what was written after a slash; the focus stays in the field. */
export function Popover({ conversation, field, state, onInsert, onClose }: PopoverProps) {
  const slash = state.slash.value!
  const trouble = useSignal<string | undefined>(undefined)
  const found = useFound(slash.query, trouble)
  const chosen = useSignal(0)
  const isInserting = useSignal(false)
  const list = useRef<HTMLDivElement>(null)
  const responses = found?.responses ?? []
  const at = Math.min(chosen.value, responses.length - 1)
  // Until they are those of what was written last, Enter has to wait for them.
  const isCurrent = found?.query === slash.query
  const insert = async (response: CannedResponse) => {
    if (isInserting.value) return
    isInserting.value = true
    try {
      const path = `${accountPath()}/canned_responses/${response.id}/render`
      const body = { conversation_id: conversation }
      const { content, attachments } = await call<RenderedResponse>(path, { method: 'POST', body })
      // It may have been closed meanwhile, or the text may be another.
      const isOpen = state.slash.peek()?.at === slash.at
      if (isOpen && replace(field.current!, slash, content)) onInsert(response.id, attachments)
    } catch (error) {
      trouble.value = (error as Error).message
    } finally {
      isInserting.value = false
    }
  }
  useEffect(() => {
    chosen.value = 0
  }, [slash.query])
  useLayoutEffect(() => {
    state.active.value = at >= 0 ? optionId(at) : undefined
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' })
  }, [at, found])
  useLayoutEffect(() => {
    state.onKey = ({ key }) => {
      const last = responses.length - 1
      if (key === 'ArrowDown' && last >= 0) chosen.value = at === last ? 0 : at + 1
      else if (key === 'ArrowUp' && last >= 0) chosen.value = at <= 0 ? last : at - 1
      else if (key !== 'Enter') return false
      else if (!isCurrent && trouble.value === undefined) state.isEnterEarly.value = true
      else if (at >= 0) void insert(responses[at]!)
      // Whoever has mistyped a short code does not want to send it: the next Enter does.
      else onClose()
      return true
    }
  })
  useEffect(() => {
    if (!isCurrent || !state.isEnterEarly.value) return
    state.isEnterEarly.value = false
    if (responses[0]) void insert(responses[0])
  }, [found])
  useEffect(
    () => () => {
      state.onKey = undefined
      state.active.value = undefined
    },
    [],
  )
  return (
    // A click must not take the focus from the field.
    // biome-ignore lint/a11y/noStaticElementInteractions: as said
    <div class="canned" onMouseDown={(event) => event.preventDefault()}>
      <div
        id="canned-list"
        role="listbox"
        aria-label={t.title}
        aria-busy={!isCurrent || isInserting.value}
        ref={list}
      >
        {responses.map((response, index) => (
          <Option
            key={response.id}
            response={response}
            index={index}
            isChosen={index === at}
            onChoose={() => void insert(response)}
          />
        ))}
      </div>
      <p class="canned-status" role="status">
        {trouble.value !== undefined ? (
          strings.complaint(trouble.value)
        ) : !found ? (
          t.loading
        ) : responses.length > 0 ? (
          <>
            {t.count(responses.length)}
            {found.hasMore && `. ${t.more}`}
          </>
        ) : found.query !== '' ? (
          t.noneFound(found.query)
        ) : (
          <>
            {t.none} <a href="/settings/canned-responses/new">{t.make}</a>
          </>
        )}
      </p>
    </div>
  )
}

function optionId(index: number): string {
  return `canned-${index}`
}

/** Replaces the slash and its query by a text. Returns false if they are no longer there. */
function replace(field: HTMLTextAreaElement, { at, query }: Slash, text: string): boolean {
  const end = at + 1 + query.length
  if (field.value.slice(at, end) !== `/${query}`) return false
  field.setSelectionRange(at, end)
  writeInto(field, text)
  return true
}

// Milliseconds without a letter after which the server is asked again.
const pause = 120

/** Searches for a text, at first at once. A hook. */
function useFound(query: string, trouble: Signal<string | undefined>): Found | undefined {
  const found = useSignal<Found | undefined>(undefined)
  const changes = useSignal(0)
  useEffect(() => {
    const again = () => {
      changes.value += 1
    }
    return hear({ cannedResponse: again, reset: again })
  }, [])
  useEffect(() => {
    const stop = new AbortController()
    const search = async () => {
      type Page = { payload: CannedResponse[]; meta: { has_more: boolean } }
      const path = `${accountPath()}/canned_responses?${new URLSearchParams({ search: query })}`
      try {
        const { payload, meta } = await call<Page>(path, { signals: [stop.signal] })
        trouble.value = undefined
        found.value = { query, responses: payload, hasMore: meta.has_more }
      } catch (error) {
        if (!stop.signal.aborted) trouble.value = (error as Error).message
      }
    }
    const timer = setTimeout(search, found.value ? pause : 0)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [query, changes.value])
  return found.value
}

interface OptionProps {
  response: CannedResponse
  index: number
  isChosen: boolean
  onChoose(): void
}

// A content may be a thousand times as long as what is visible of it.
const longestPreview = 300

function Option({ response, index, isChosen, onChoose }: OptionProps) {
  const { short_code, content, visibility, attachments } = response
  const preview = content.slice(0, longestPreview)
  return (
    // The field has the focus and handles the keys.
    // biome-ignore lint/a11y/useKeyWithClickEvents: as said
    // biome-ignore lint/a11y/useFocusableInteractive: as said
    <div id={optionId(index)} role="option" aria-selected={isChosen} title={preview} onClick={onChoose}>
      <strong>
        <bdi>/{short_code}</bdi>
      </strong>
      <span class="canned-preview" dir="auto">
        {preview}
      </span>
      {attachments.length > 0 && (
        <span class="canned-mark">
          <Icon name="clip" /> {t.files(attachments.length)}
        </span>
      )}
      {visibility === 'mine' && <span class="canned-mark">{t.mine}</span>}
    </div>
  )
}
