import { messageTypes } from './objects/message.ts'
import type { Parameters } from './parameters.ts'
import { defined } from './scope.ts'

const typeNames = Object.keys(messageTypes)

/** Reads a new message, in the shape of the main API. */
export function newMessage(parameters: Parameters): Record<string, unknown> {
  const type = parameters.text('message_type') ?? 'outgoing'
  const word = /^[0-3]$/.test(type) ? typeNames[Number(type)] : type
  const attributes = parameters.object('content_attributes') ?? {}
  const isTemplate = word === 'template'
  return defined({
    content: parameters.text('content') ?? '',
    message_type: isTemplate ? 'outgoing' : word,
    private: parameters.flag('private') ?? false,
    content_type: parameters.text('content_type') ?? 'text',
    content_attributes: isTemplate ? { ...attributes, template: true } : attributes,
    echo_id: parameters.text('echo_id'),
    source_id: parameters.text('source_id'),
  })
}
