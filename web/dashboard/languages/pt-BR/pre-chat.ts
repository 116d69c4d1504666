import type { Catalogue } from '../catalogue.ts'

type Settings = NonNullable<Catalogue['settings']>

export const preChat: Settings['preChat'] = {
  enabled: 'Pedir dados aos visitantes antes da primeira mensagem',
  title: 'Formulário antes da primeira mensagem',
  message: 'Texto acima do formulário',
  fields: {
    name: 'Nome',
    email: 'E-mail',
    phone_number: 'Número de telefone',
    text: 'Texto',
    select: 'Opções',
    checkbox: 'Caixa de seleção',
  },
  labels: { name: 'Nome', email: 'E-mail', phone_number: 'Número de telefone' },
  kind: (position) => `Campo ${position}`,
  label: (position) => `Rótulo do campo ${position}`,
  values: (position) => `Opções do campo ${position}, uma por linha`,
  required: 'Obrigatório',
  remove: (position) => `Remover o campo ${position}`,
  add: 'Adicionar um campo',
}
