import type { Catalogue } from '../catalogue.ts'

type Settings = NonNullable<Catalogue['settings']>

export const preChat: Settings['preChat'] = {
  enabled: 'Demander des informations aux visiteurs avant leur premier message',
  title: 'Formulaire avant le premier message',
  message: 'Texte au-dessus du formulaire',
  fields: {
    name: 'Nom',
    email: 'Adresse e-mail',
    phone_number: 'Numéro de téléphone',
    text: 'Texte',
    select: 'Choix',
    checkbox: 'Case à cocher',
  },
  labels: { name: 'Nom', email: 'Adresse e-mail', phone_number: 'Numéro de téléphone' },
  kind: (position) => `Champ ${position}`,
  label: (position) => `Libellé du champ ${position}`,
  values: (position) => `Choix du champ ${position}, un par ligne`,
  required: 'Obligatoire',
  remove: (position) => `Retirer le champ ${position}`,
  add: 'Ajouter un champ',
}
