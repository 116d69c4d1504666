import { parseStorable } from '../../http/body.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { readLines } from '../../lib/lines.ts'
import { checker } from '../../lib/validate.ts'
import { importedAttributesText } from '../messages/service.ts'
import { type Fault, sentenceOf } from './run.ts'
import { fromTime, ImportedConversation, ImportedMessage } from './schema.ts'

/** A message as far as its line alone says what is to be stored of it. */
export interface MessageLine {
  line: number
  message: ImportedMessage
  /** Of its content, as it is stored. */
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
  for await (const read of readLines(chunks)) yield 'sentence' in read ? read : lineOf(read.line, read.text)
}

function lineOf(line: number, text: string): ConversationLine {
  let isConversation = false
  try {
    const record = objectOf(text)
    isConversation = record.type === 'conversation'
    assertRecord(record)
    if (isConversation) return { line, conversation: conversationOf(record as never) }
    return { line, message: record as never, attributes: attributesOf(record as never) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { line, sentence: error.message, isConversation }
  }
}

function objectOf(text: string): Record<string, unknown> {
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
  // Mostly a name that is spelled otherwise: what it holds would be lost without a word.
  if (unknown !== undefined) throw invalid(unknown, `is nothing that a ${type} has`)
  const errors = check(record)
  if (errors.length > 0) throw new Refusal('invalid', sentenceOf(errors))
}

function conversationOf(conversation: ImportedConversation): ImportedConversation {
  if (conversation.snoozed_until !== undefined && conversation.status !== 'snoozed') {
    throw invalid('snoozed_until', 'needs the status "snoozed"')
  }
  return conversation
}

/** The rules of a message that need nothing else; those of sending hold for old ones, too. */
function attributesOf(message: ImportedMessage): string {
  const { message_type, content, attachments, deleted_at, created_at } = message
  if (message_type !== 'outgoing') {
    if (message.private) throw invalid('private', `must be false for a message that is ${message_type}`)
    if (message.sender !== undefined) throw invalid('sender', 'is that of an outgoing message: an agent')
  }
  if (deleted_at !== undefined) {
    if (content !== '' || attachments.length > 0) throw invalid('content', 'is that of a deleted message')
    if (fromTime(deleted_at) < fromTime(created_at))
      throw invalid('deleted_at', 'must not be before created_at')
    return JSON.stringify({ deleted: true })
  }
  if (attachments.length === 0 && !content.trim()) throw invalid('content', 'must not be empty without files')
  return importedAttributesText(message)
}
