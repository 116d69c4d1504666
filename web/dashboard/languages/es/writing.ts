import { plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

const files = (count: number) => plural(count, { one: '# archivo', other: '# archivos' })

export const format: Catalogue['format'] = {
  label: 'Formato',
  names: {
    bold: 'Negrita',
    italic: 'Cursiva',
    code: 'Código',
    link: 'Enlace',
    list: 'Lista con viñetas',
    numbers: 'Lista numerada',
    quote: 'Cita',
  },
  emoji: 'Emoji',
}

export const writing: Catalogue['writing'] = {
  otherDraft: 'Has escrito aquí otro texto en otro navegador:',
  useOther: 'Usar ese texto',
  keepMine: 'Conservar este texto',
  repliedMeanwhile: (name) => `${name} ha respondido desde que empezaste a escribir:`,
  sendsAgain: 'Vuelve a enviar si el cliente también necesita tu respuesta.',
  sign: 'Añadir mi firma',
  answers: (name) => `Respuesta a ${name}`,
  answersNothing: 'No responder a ningún mensaje en particular',
  later: 'Enviar más tarde',
  laterTimes: {
    hour: 'Dentro de una hora',
    tomorrow: 'Mañana por la mañana',
    week: 'El lunes por la mañana',
  },
  laterTime: 'En otro momento',
  schedule: 'Programar',
  cancelledByReply: 'Cancelar si el cliente responde antes',
}

export const cannedComposer: Catalogue['cannedComposer'] = {
  button: 'Insertar respuesta predefinida',
  tooManyFiles: (most, extra) => `Un mensaje puede tener ${most} archivos. Quita ${extra} para enviarlo.`,
}

export const cannedPopover: Catalogue['cannedPopover'] = {
  title: 'Respuestas predefinidas',
  loading: 'Buscando…',
  none: 'Aún no hay respuestas predefinidas.',
  make: 'Crear una',
  noneFound: (query) => `No hay respuestas predefinidas con “${query}”. Esc cierra esta lista.`,
  count: (count) => plural(count, { one: '# respuesta predefinida', other: '# respuestas predefinidas' }),
  more: 'Escribe más letras para encontrar otras.',
  files,
  mine: 'solo tú',
}

export const macros: Catalogue['macros'] = {
  title: 'Ejecutar una macro',
  choose: 'Elige una macro',
  none: 'Aún no hay macros.',
  create: 'Crear una',
  preview: (name) => `¿Ejecutar “${name}”?`,
  run: 'Ejecutar',
  whatItDoes: 'Qué haría',
  others: 'Otras macros',
  nothing: 'No cambia nada en esta conversación.',
  sends: 'Envía',
  notes: 'Añade una nota',
  changes: 'Cambia',
  fields: {
    status: 'Estado',
    snoozed_until: 'Pospuesta hasta',
    priority: 'Prioridad',
    assignee_id: 'Agente asignado',
    team_id: 'Equipo',
    labels: 'Etiquetas',
    custom_attributes: 'Atributos',
    blocked: 'Contacto bloqueado',
  },
  becomes: 'pasa a ser',
}

export const actions: Catalogue['actions'] = {
  send_message: 'Enviar una respuesta',
  add_private_note: 'Añadir una nota privada',
  add_label: 'Añadir etiquetas',
  remove_label: 'Quitar etiquetas',
  assign_agent: 'Asignar a un agente',
  assign_team: 'Asignar a un equipo',
  change_status: 'Cambiar el estado',
  snooze_conversation: 'Posponer',
  change_priority: 'Cambiar la prioridad',
  set_attribute: 'Definir un atributo',
  send_email_transcript: 'Enviar la transcripción por correo',
  send_webhook_event: 'Enviar a un webhook',
  mute_conversation: 'Bloquear el contacto',
}

export const prepared: Catalogue['prepared'] = {
  label: 'Pendiente de envío',
  scheduled: (when) => `Se enviará el ${when}`,
  unlessReply: 'salvo que el cliente responda',
  cancelled: 'No enviado: el cliente ha respondido',
  failed: (why) => `No enviado: ${why}`,
  by: (name) => `de ${name}`,
  note: 'Nota privada',
  cc: 'Cc',
  bcc: 'Cco',
  cancel: 'Cancelar',
  cancelTitle: '¿No enviar este mensaje?',
  cancelText: 'Se eliminará. Esto no se puede deshacer.',
  cancelAction: 'Eliminar',
  proposal: 'Respuesta propuesta',
  of: { user: 'de un compañero', bot: 'de un bot', system: 'del servidor', rule: 'de una regla' },
  sources: 'Basada en',
  actions: 'Además',
  files,
  send: 'Enviar',
  edit: 'Editar',
  refuse: 'Rechazar',
  editLabel: 'Texto de la respuesta propuesta',
  reason: '¿Por qué no? Quien la propuso verá el motivo.',
  noReason: 'Sin motivo',
  stale: 'El cliente ha escrito desde que se propuso. Cópiala en tu respuesta si aún sirve.',
  expired: 'Ha caducado. Cópiala en tu respuesta si aún sirve.',
  decided: 'Un compañero fue más rápido: esta propuesta ya está decidida.',
  copy: 'Copiar a mi respuesta',
}
