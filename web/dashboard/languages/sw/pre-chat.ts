import type { Catalogue } from '../catalogue.ts'

type Settings = NonNullable<Catalogue['settings']>

export const preChat: Settings['preChat'] = {
  enabled: 'Waombe wageni taarifa kabla ya ujumbe wao wa kwanza',
  title: 'Fomu kabla ya ujumbe wa kwanza',
  message: 'Maandishi juu ya fomu',
  fields: {
    name: 'Jina',
    email: 'Anwani ya barua pepe',
    phone_number: 'Nambari ya simu',
    text: 'Maandishi',
    select: 'Chaguo',
    checkbox: 'Kisanduku',
  },
  labels: { name: 'Jina', email: 'Anwani ya barua pepe', phone_number: 'Nambari ya simu' },
  kind: (position) => `Sehemu ya ${position}`,
  label: (position) => `Jina la sehemu ya ${position}`,
  values: (position) => `Chaguo za sehemu ya ${position}, moja kwa kila mstari`,
  required: 'Lazima',
  remove: (position) => `Ondoa sehemu ya ${position}`,
  add: 'Ongeza sehemu',
}
