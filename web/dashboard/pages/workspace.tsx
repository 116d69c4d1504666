import { effect, useSignalEffect } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { complaint } from '../data/changes.ts'
import { inboxes, isDirectoryKnown } from '../data/directory.ts'
import { filter } from '../data/filter.ts'
import { firstSteps } from '../data/first-steps.ts'
import { loadList } from '../data/list.ts'
import { isAdministrator } from '../data/session.ts'
import { BulkBar } from '../parts/bulk-bar.tsx'
import { ConversationList } from '../parts/conversation-list.tsx'
import { Lazy } from '../parts/lazy.tsx'
import { ListFilters } from '../parts/list-filters.tsx'
import { NoInbox, OwnInboxes } from '../parts/own-inboxes.tsx'
import { openConversation } from '../router.ts'
import { strings } from '../strings.ts'
import { Conversation } from './conversation.tsx'

const loadFirstSteps = () => import('../settings/first-steps.tsx').then(({ FirstSteps }) => FirstSteps)

const showsFirstSteps = () => firstSteps.value === 'all' || firstSteps.value === 'with-sample'

/** The list of conversations, and the open conversation. */
export function Workspace() {
  const id = openConversation.value
  useEffect(() => {
    // The address changes with each opened conversation, but the filter rarely does.
    let last = ''
    return effect(() => {
      const next = JSON.stringify(filter.value)
      if (next !== last) void loadList()
      last = next
    })
  }, [])
  useSignalEffect(() => {
    openConversation.value
    complaint.value = undefined
  })
  return (
    <main class="workspace" data-open={id !== undefined || undefined}>
      <section class="list" aria-label={strings.list.title}>
        {id === undefined && firstSteps.value !== 'all' && <h1 class="unseen">{strings.list.title}</h1>}
        <ListFilters />
        <BulkBar />
        <ConversationList />
      </section>
      {id !== undefined && <Conversation key={id} id={id} />}
      {id === undefined && <NoConversation />}
    </main>
  )
}

/** The place of the conversation while none is open. */
function NoConversation() {
  const isAgent = isDirectoryKnown.value && !isAdministrator.value
  if (isAgent && inboxes.value.length === 0) return <NoInbox />
  if (showsFirstSteps()) return <Lazy load={loadFirstSteps} />
  return (
    <div class="empty thread">
      <p>{strings.thread.none}</p>
      {isAgent && <OwnInboxes />}
    </div>
  )
}
