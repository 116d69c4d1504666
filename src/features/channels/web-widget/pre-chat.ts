import type { FieldError } from '../../../lib/errors.ts'
import type { PreChatForm } from '../../inboxes/schema.ts'

/** What is wrong with a pre-chat form: a field that is listed twice, or a choice without values. */
export function preChatProblems(form: PreChatForm | undefined): FieldError[] {
  const fields = form?.pre_chat_fields ?? []
  return fields.flatMap(({ name, type, values }, index): FieldError[] => {
    const field = `widget.pre_chat_form_options.pre_chat_fields[${index}]`
    if (fields.findIndex((other) => other.name === name) !== index) {
      return [{ field: `${field}.name`, message: 'is listed twice', code: 'duplicate' }]
    }
    if (type === 'select' && !values?.length) {
      return [{ field: `${field}.values`, message: 'must have at least one for a select', code: 'empty' }]
    }
    return []
  })
}
