import { list, number, plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

type Dashboard = NonNullable<Catalogue['dashboard']>

export const bulk: Dashboard['bulk'] = {
  label: 'Conversaciones seleccionadas',
  select: (name) => `Seleccionar la conversación con ${name}`,
  selectLoaded: 'Seleccionar las conversaciones de la lista',
  count: (count) => plural(count, { one: '# seleccionada', other: '# seleccionadas' }),
  all: 'Toda la vista seleccionada',
  selectAll: 'Seleccionar toda la vista',
  clear: 'Borrar selección',
  tooMany: (most) => `Solo se cambian las ${number(most)} primeras.`,
  action: 'Acción',
  choose: 'Elige una acción',
  apply: 'Aplicar',
  groups: {
    status: 'Estado',
    assignee: 'Agente asignado',
    team: 'Equipo',
    priority: 'Prioridad',
    addLabel: 'Añadir etiqueta',
    removeLabel: 'Quitar etiqueta',
  },
  resolve: 'Resolver',
  collecting: 'Reuniendo las conversaciones…',
  running: (done, total) => `${number(done)} de ${number(total)} cambiadas`,
  undoing: (done, total) => `${number(done)} de ${number(total)} deshechas`,
  done: (count) => plural(count, { one: '# conversación cambiada', other: '# conversaciones cambiadas' }),
  stopped: (done, total) =>
    `Detenido tras ${number(done)} de ${plural(total, { one: '# conversación', other: '# conversaciones' })}`,
  undone: (count) =>
    plural(count, { one: '# conversación restablecida', other: '# conversaciones restablecidas' }),
  failed: (count, why) =>
    `${plural(count, { one: '# conversación sin cambiar', other: '# conversaciones sin cambiar' })}: ${why}`,
  kept: (count) =>
    plural(count, {
      one: '# conversación queda como está, porque ha cambiado desde entonces.',
      other: '# conversaciones quedan como están, porque han cambiado desde entonces.',
    }),
  capped: 'La vista tiene más conversaciones: repite la acción para las siguientes.',
  progress: 'Progreso',
  stop: 'Detener',
  undo: 'Deshacer',
}

export const link: Dashboard['link'] = {
  invitationTitle: 'Hola',
  invitationLead: 'Elige una contraseña para unirte.',
  welcome: (name) => `Hola, ${name}`,
  joinAccount: (account, email) =>
    `Elige una contraseña para unirte a ${account}. Iniciarás sesión con ${email}.`,
  expiredTitle: 'Esta invitación ya no es válida',
  expired: 'Se usó, se reemplazó o se retiró, o tiene más de 7 días. Pide una nueva a un administrador.',
  joinTitle: 'Únete con tu acceso actual',
  joinLead:
    'Ya inicias sesión aquí con esta dirección, en otra cuenta. Escribe tu contraseña actual y elige una nueva. Se cerrará tu sesión en todos los navegadores.',
  currentPassword: 'Contraseña actual',
  wrongPassword: 'Esta no es tu contraseña actual.',
  passwordTitle: 'Restablece tu contraseña',
  passwordExpiredTitle: 'Este enlace ya no es válido',
  passwordExpired:
    'Se usó o se reemplazó, o es demasiado antiguo. Pide uno nuevo en la página de inicio de sesión.',
  yourName: 'Tu nombre (lo ven clientes y compañeros)',
  newPassword: 'Contraseña nueva',
  endTokens: 'Revocar también mis tokens de acceso',
  endTokensHint: 'Los programas que los usan serán rechazados hasta que les des otros nuevos.',
  rule: 'Al menos 8 caracteres.',
  submit: 'Guardar contraseña',
  noToken: 'Este enlace está incompleto. Ábrelo de nuevo desde el mensaje que recibiste.',
  done: 'Tu contraseña está guardada. Ya puedes iniciar sesión.',
  emailTitle: 'Confirma tu correo electrónico',
  emailLead: 'A partir de ahora iniciarás sesión con la dirección a la que se envió este enlace.',
  confirm: 'Confirmar',
  emailDone: 'Tu dirección está confirmada. A partir de ahora inicias sesión con ella.',
  emailExpired: 'Se usó o se reemplazó, o es demasiado antiguo. Cambia otra vez tu dirección en tu perfil.',
  emailTaken: 'Otra persona ya inicia sesión con esta dirección. No se ha cambiado nada.',
  toDashboard: 'Continuar',
}

export const nav: Dashboard['nav'] = {
  label: 'Principal',
  conversations: 'Conversaciones',
  contacts: 'Contactos',
  companies: 'Empresas',
  company: (name) => `Empresa ${name}`,
  settings: 'Ajustes',
  api: 'API',
  signOut: 'Cerrar sesión',
  theme: 'Tema',
  themes: { system: 'Sistema', light: 'Claro', dark: 'Oscuro' },
  commands: 'Comandos',
  account: 'Cuenta',
  profile: 'Perfil',
  skip: 'Ir a los mensajes',
  skipToList: 'Ir a las conversaciones',
  skipToContacts: 'Ir a los contactos',
  skipToPage: 'Ir al contenido',
  newTab: (name) => `${name} (se abre en una pestaña nueva)`,
  unsent: '¿Cerrar sesión y eliminar los mensajes sin enviar?',
  unsentText: 'Algunos mensajes aún no se han enviado. Se eliminarán si cierras sesión ahora.',
}

export const notifications: Dashboard['notifications'] = {
  title: 'Notificaciones',
  muted: 'Silenciadas',
  mutedUntil: (time) => `Notificaciones silenciadas hasta las ${time}`,
  noteOf: (name) => `Nota privada de ${name}`,
  newMessages: (count) => plural(count, { one: 'Mensaje nuevo', other: '# mensajes nuevos' }),
  several: (count) =>
    plural(count, {
      one: 'Mensajes nuevos en # conversación',
      other: 'Mensajes nuevos en # conversaciones',
    }),
  unread: (count) => plural(count, { one: '# sin leer', other: '# sin leer' }),
  somebody: 'Alguien',
  mentioned: (name) => `${name} te mencionó`,
  assigned: (name) => `Se te asignó: ${name}`,
  testTitle: 'Notificación de prueba',
  testBody: 'Así se te avisa de los mensajes nuevos.',
}

export const pictures: Dashboard['pictures'] = {
  title: 'Imagen',
  original: 'Abrir en una pestaña nueva',
  previous: 'Imagen anterior',
  next: 'Imagen siguiente',
  position: (at, count) => `${number(at)} de ${number(count)}`,
}

export const undo: Dashboard['undo'] = {
  undo: 'Deshacer',
  macro: (name) => `Se ejecutó “${name}”`,
  status: (id, status) => `Conversación #${id}: ${status.toLowerCase()}`,
  assigned: (id) => `Se cambió la asignación de #${id}`,
  merged: (id, into) => `#${id} se combinó con #${into}`,
  split: (id, from) => `#${id} se separó de #${from}`,
  deleted: 'Se eliminó el mensaje',
  sent: 'Se envió el mensaje',
  mailSent: 'El correo se envía en un momento',
}

export const visit: Dashboard['visit'] = {
  visitor: (id) => `Visitante ${id}`,
  title: 'Visita',
  page: 'Página',
  referrer: 'Procedencia',
  language: 'Idioma',
  browser: 'Navegador',
  browserOn: (name, system) => `${name} en ${system}`,
  unknownBrowser: 'Navegador desconocido',
  seen: 'Última vez',
}

export const people = {
  availability: {
    title: 'Disponibilidad',
    names: { online: 'En línea', busy: 'Ocupado', offline: 'Desconectado' },
    hints: {
      online: 'Tus equipos pueden asignarte conversaciones.',
      busy: 'Estás aquí, pero tus equipos no te asignan nada.',
      offline: 'Los demás te ven ausente, y tus equipos no te asignan nada.',
    },
    isNow: (name) => `Tu disponibilidad: ${name}`,
  },
  inboxes: {
    none: 'Aún no eres miembro de ninguna bandeja de entrada.',
    ask: 'Pide a un administrador que te añada a una:',
    yours: 'Tus bandejas de entrada',
  },
  settingsPages: {
    profile: 'Perfil',
    notifications: 'Notificaciones',
    tokens: 'Tokens de acceso',
    'canned-responses': 'Respuestas predefinidas',
    views: 'Vistas',
    macros: 'Macros',
    inboxes: 'Bandejas de entrada',
    agents: 'Agentes',
    teams: 'Equipos',
    labels: 'Etiquetas',
    'custom-attributes': 'Atributos personalizados',
    bots: 'Bots',
    webhooks: 'Webhooks',
  },
} satisfies Dashboard

export const conversationList: Dashboard['list'] = {
  title: 'Conversaciones',
  tabs: { me: 'Mías', unassigned: 'Sin asignar', all: 'Todas' },
  search: 'Buscar',
  status: 'Estado',
  statuses: {
    open: 'Abierta',
    pending: 'Pendiente',
    snoozed: 'Pospuesta',
    resolved: 'Resuelta',
    all: 'Todos los estados',
  },
  views: 'Vistas',
  manageViews: 'Gestionar vistas…',
  noView: 'Esta vista no existe',
  specialLists: { mentioned: 'Menciones', participating: 'Que sigo', unattended: 'Sin atender' },
  leaveView: 'Cerrar vista',
  filters: 'Filtros',
  inbox: 'Bandeja de entrada',
  team: 'Equipo',
  label: 'Etiqueta',
  any: 'Cualquiera',
  clear: 'Borrar filtros',
  unread: (count) => plural(count, { one: '# sin leer', other: '# sin leer' }),
  you: 'Tú: ',
  noMessage: 'Aún no hay mensajes',
  empty: 'No hay conversaciones',
  emptySearch: (q, where) => `No hay resultados para “${q}” ${where}.`,
  everywhere: 'en todas las conversaciones',
  searchHint:
    'La búsqueda encuentra palabras de mensajes y contactos por su comienzo, y una conversación por #12.',
  searchAll: 'Buscar en todas las conversaciones',
  where: (parts) => `con estos filtros: ${list(parts)}`,
  isOnly: (name, value) => `${name}: ${value}`,
  removeFilter: (filter) => `Quitar el filtro ${filter}`,
  assignedTo: (name) => `Asignada a ${name}`,
  waiting: (time) => `Espera desde hace ${time}`,
  waitingHint: 'El cliente escribió el último mensaje.',
  minutes: (count) => `${number(count)} min`,
  hours: (count) => `${number(count)} h`,
  days: (count) => `${number(count)} d`,
  writing: (name) => `${name} está escribiendo…`,
  newMail: 'Nueva conversación por correo',
  ofAll: (count) => plural(count, { one: '# conversación', other: '# conversaciones' }),
}
