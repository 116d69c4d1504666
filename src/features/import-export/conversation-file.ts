import { parseStorable } from '../../http/body.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { readLines } from '../../lib/lines.ts'
import { checker } from '../../lib/validate.ts'
import { importedAttributesText } from '../messages/content.ts'
import { type Fault, sentenceOf } from './run.ts'
import { fromTime, ImportedConversation, ImportedMessage } from './schema.ts'

/** A valid line of a message. */
export interface MessageLine {
  line: number
  message: ImportedMessage
  /** The `content_attributes` as stored. */
  attributes: string
}

/** A line of a file of conversations. */
export type ConversationLine = { line: number; conversation: ImportedConversation } | MessageLine | Fault

const kinds = {
  conversation: {
    check: checker(ImportedConversation),
    fields: Object.keys(ImportedConversation.properties),
  },
  message: { check: checker(ImportedMessage), fields: Object.keys(ImportedMessage.properties) },
}

/** The conversations and messages of a file of JSON lines. */
export async function* readConversations(chunks: AsyncIterable<Buffer>): AsyncGenerator<ConversationLine> {
  for await (const read of readLines(chunks))
    yield 'sentence' in read ? read : parseLine(read.line, read.text)
}

function parseLine(line: number, text: string): ConversationLine {
  let isConversation = false
  try {
    const record = parseObject(text)
    isConversation = record.type === 'conversation'
    assertRecord(record)
    if (isConversation) return { line, conversation: checkConversation(record as never) }
    return { line, message: record as never, attributes: messageAttributes(record as never) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { line, sentence: error.message, isConversation }
  }
}

function parseObject(text: string): Record<string, unknown> {
  const record = parseStorable(text, 'the line')
  if (typeof record === 'object' && record !== null && !Array.isArray(record)) return record as never
  throw invalid('the line', 'must be a JSON object')
}

function assertRecord(record: Record<string, unknown>): void {
  const { type } = record
  if (type !== 'conversation' && type !== 'message') {
    throw invalid('type', 'must be "conversation" or "message"')
  }
  const { check, fields } = kinds[type]
  const unknown = Object.keys(record).find((name) => !fields.includes(name))
  // Usually a misspelled name. Ignoring it would silently lose the value.
  if (unknown !== undefined) throw invalid(unknown, `is not a field of a ${type}`)
  const errors = check(record)
  if (errors.length > 0) throw new Refusal('invalid', sentenceOf(errors))
}

function checkConversation(conversation: ImportedConversation): ImportedConversation {
  if (conversation.snoozed_until !== undefined && conversation.status !== 'snoozed') {
    throw invalid('snoozed_until', 'requires the status "snoozed"')
  }
  return conversation
}

/** Checks the rules that need only the message itself, like when sending one, and returns its attributes as stored. */
function messageAttributes(message: ImportedMessage): string {
  const { message_type, content, attachments, deleted_at, created_at } = message
  if (message_type !== 'outgoing') {
    if (message.private) throw invalid('private', `must be false for a message of the type ${message_type}`)
    if (message.sender !== undefined)
      throw invalid('sender', 'must be left out unless message_type is "outgoing"')
  }
  if (deleted_at !== undefined) {
    if (content !== '' || attachments.length > 0)
      throw invalid('content', 'and attachments must be empty in a deleted message')
    if (fromTime(deleted_at) < fromTime(created_at))
      throw invalid('deleted_at', 'must not be before created_at')
    return JSON.stringify({ deleted: true })
  }
  if (attachments.length === 0 && !content.trim())
    throw invalid('content', 'must not be empty without attachments')
  return importedAttributesText(message)
}
