import type { LateCalls, ToFrame } from '../../protocol.ts'
import { callHandlers, warn } from '../data/call-handlers.ts'
import { settings } from '../data/settings.ts'
import { take, waiting } from '../data/website.ts'
import type { Change } from './conversation-changes.ts'
import { followOpening } from './openings.ts'
import { takeVisit } from './visits.ts'

/*
 * What the frame loads at its start, but does not wait for.
 */

/**
 * Takes the page that the visitor is on. `wasOpen` says whether the panel was open when the page arrived: while this file was being
 * loaded, the visitor may have opened it.
 */
export function takePage({ visit }: Extract<ToFrame, { type: 'page' }>, wasOpen: boolean): void {
  if (visit && settings.record_visits) takeVisit(visit)
  followOpening(wasOpen)
}

type Changes = typeof import('./conversation-changes.ts')

let loading: Promise<Changes> | undefined

// One promise for all calls keeps their order: the build makes an import wait for styles, but not if they were asked for.
function loadChanges(): Promise<Changes> {
  loading ??= import('./conversation-changes.ts').catch((error) => {
    loading = undefined
    throw error
  })
  return loading
}

const change = (path: string, body: Change) =>
  void loadChanges()
    .then((changes) => changes.add(path, body))
    .catch(warn)

const lateHandlers: { [Name in keyof LateCalls]: (...args: LateCalls[Name]) => void } = {
  changeLabels: (labels) => change('labels', labels),
  addConversationAttributes: (custom_attributes) => change('custom_attributes', { custom_attributes }),
}
Object.assign(callHandlers, lateHandlers)
for (const message of waiting.splice(0)) take(message)
