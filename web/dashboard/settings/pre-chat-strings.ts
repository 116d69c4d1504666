/* The texts about the form before a chat, a part of strings.ts. */
export const preChatWords = {
  enabled: 'Ask visitors for something before their first message',
  title: 'Form before the first message',
  message: 'Text above the form',
  fields: {
    name: 'Name',
    email: 'Email address',
    phone_number: 'Phone number',
    text: 'Text',
    select: 'Choice',
    checkbox: 'Checkbox',
  },
  labels: {
    name: 'Name',
    email: 'Email address',
    phone_number: 'Phone number',
    text: '',
    select: '',
    checkbox: '',
  },
  kind: (number: number) => `Field ${number}`,
  label: (number: number) => `Label of field ${number}`,
  values: (number: number) => `Choices of field ${number}, one in each line`,
  required: 'Required',
  remove: (number: number) => `Remove field ${number}`,
  add: 'Add a field',
}
