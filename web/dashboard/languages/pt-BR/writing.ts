import { plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

const files = (count: number) => plural(count, { one: '# arquivo', other: '# arquivos' })

export const format: Catalogue['format'] = {
  label: 'Formatação',
  names: {
    bold: 'Negrito',
    italic: 'Itálico',
    code: 'Código',
    link: 'Link',
    list: 'Lista com marcadores',
    numbers: 'Lista numerada',
    quote: 'Citação',
  },
  emoji: 'Emoji',
}

export const writing: Catalogue['writing'] = {
  otherDraft: 'Você escreveu outro texto aqui em outro navegador:',
  useOther: 'Usar aquele texto',
  keepMine: 'Manter este texto',
  repliedMeanwhile: (name) => `${name} respondeu desde que você começou a escrever:`,
  sendsAgain: 'Envie novamente se o cliente também precisar da sua resposta.',
  sign: 'Adicionar minha assinatura',
  answers: (name) => `Resposta a ${name}`,
  answersNothing: 'Não responder a nenhuma mensagem específica',
  later: 'Enviar mais tarde',
  laterTimes: { hour: 'Em uma hora', tomorrow: 'Amanhã de manhã', week: 'Segunda de manhã' },
  laterTime: 'Em outro momento',
  schedule: 'Agendar',
  cancelledByReply: 'Cancelar se o cliente responder antes',
}

export const cannedComposer: Catalogue['cannedComposer'] = {
  button: 'Inserir resposta pronta',
  tooManyFiles: (most, extra) => `Uma mensagem pode ter ${most} arquivos. Remova ${extra} para enviá-la.`,
}

export const cannedPopover: Catalogue['cannedPopover'] = {
  title: 'Respostas prontas',
  loading: 'Pesquisando…',
  none: 'Ainda não há respostas prontas.',
  make: 'Criar uma',
  noneFound: (query) => `Nenhuma resposta pronta com “${query}”. Esc fecha esta lista.`,
  count: (count) => plural(count, { one: '# resposta pronta', other: '# respostas prontas' }),
  more: 'Digite mais letras para encontrar outras.',
  files,
  mine: 'só você',
}

export const macros: Catalogue['macros'] = {
  title: 'Executar uma macro',
  choose: 'Escolha uma macro',
  none: 'Ainda não há macros.',
  create: 'Criar uma',
  preview: (name) => `Executar “${name}”?`,
  run: 'Executar',
  whatItDoes: 'O que ela faria',
  others: 'Outras macros',
  nothing: 'Ela não altera nada nesta conversa.',
  sends: 'Envia',
  notes: 'Adiciona uma nota',
  changes: 'Altera',
  fields: {
    status: 'Status',
    snoozed_until: 'Adiada até',
    priority: 'Prioridade',
    assignee_id: 'Responsável',
    team_id: 'Equipe',
    labels: 'Etiquetas',
    custom_attributes: 'Atributos',
    blocked: 'Contato bloqueado',
  },
  becomes: 'passa a ser',
}

export const actions: Catalogue['actions'] = {
  send_message: 'Enviar uma resposta',
  add_private_note: 'Adicionar uma nota privada',
  add_label: 'Adicionar etiquetas',
  remove_label: 'Remover etiquetas',
  assign_agent: 'Atribuir a um agente',
  assign_team: 'Atribuir a uma equipe',
  change_status: 'Definir o status',
  snooze_conversation: 'Adiar',
  change_priority: 'Definir a prioridade',
  set_attribute: 'Definir um atributo',
  send_email_transcript: 'Enviar a transcrição por e-mail',
  send_webhook_event: 'Enviar a um webhook',
  mute_conversation: 'Bloquear o contato',
}

export const prepared: Catalogue['prepared'] = {
  label: 'Aguardando envio',
  scheduled: (when) => `Será enviada em ${when}`,
  unlessReply: 'a menos que o cliente responda',
  cancelled: 'Não enviada: o cliente respondeu',
  failed: (why) => `Não enviada: ${why}`,
  by: (name) => `de ${name}`,
  note: 'Nota privada',
  cc: 'Cc',
  bcc: 'Cco',
  cancel: 'Cancelar',
  cancelTitle: 'Não enviar esta mensagem?',
  cancelText: 'Ela será excluída. Isso não pode ser desfeito.',
  cancelAction: 'Excluir',
  proposal: 'Resposta proposta',
  of: { user: 'de um colega', bot: 'de um bot', system: 'do servidor', rule: 'de uma regra' },
  sources: 'Com base em',
  actions: 'Também',
  files,
  send: 'Enviar',
  edit: 'Editar',
  refuse: 'Recusar',
  editLabel: 'Texto da resposta proposta',
  reason: 'Por que não? Quem a propôs verá o motivo.',
  noReason: 'Nenhum motivo informado',
  stale: 'O cliente escreveu depois desta proposta. Copie-a para sua resposta se ainda servir.',
  expired: 'Ela expirou. Copie-a para sua resposta se ainda servir.',
  decided: 'Um colega foi mais rápido: esta proposta já foi decidida.',
  copy: 'Copiar para minha resposta',
}
