import { number, plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

type Dashboard = NonNullable<Catalogue['dashboard']>
type Settings = NonNullable<Catalogue['settings']>

export const participants: Dashboard['participants'] = {
  title: 'Participantes',
  hint: 'Reciben avisos de los mensajes nuevos.',
  none: 'Nadie sigue esta conversación.',
  follow: 'Seguir',
  leave: 'Dejar de seguir',
  add: 'Añadir participante…',
  remove: (name) => `Quitar a ${name} de los participantes`,
}

export const push: Settings['push'] = {
  title: 'Cuando el panel está cerrado',
  lead: 'Los mensajes push llegan a este navegador cuando no hay ninguna página del panel abierta, y sustituyen a las notificaciones de escritorio mientras está en segundo plano.',
  states: {
    on: 'Este navegador muestra mensajes push.',
    off: 'Este navegador no muestra mensajes push.',
  },
  turnOn: 'Activar mensajes push',
  turnOff: 'Desactivar mensajes push',
  text: 'Mostrar nombres y textos en los mensajes push',
  textHint: 'Tu dispositivo puede mostrarlos en la pantalla bloqueada.',
  test: 'Enviar un mensaje de prueba',
  tested: 'El mensaje de prueba está en camino.',
  unsupported:
    'Este navegador no puede mostrar aquí mensajes push. Necesitan https. En un iPhone o iPad, añade primero el panel a la pantalla de inicio.',
  denied:
    'Tu navegador bloquea las notificaciones de esta página. Permítelas en sus ajustes para este sitio web.',
  unreachable: 'El navegador no pudo contactar con su servicio push. Inténtalo más tarde.',
}

export const moves: Catalogue['moves'] = {
  title: 'Combinar una conversación con esta',
  search: 'Buscar una conversación de este contacto',
  choose: 'Conversaciones de este contacto en esta bandeja de entrada',
  none: 'Este contacto no tiene otra conversación en esta bandeja de entrada.',
  noMatch: 'Ninguna conversación coincide.',
  more: 'Mostrar más',
  preview: (id, into) => `Combinar #${id} con #${into}`,
  explanation: (id, into) =>
    `Los mensajes de #${id} se muestran en #${into}, por orden de tiempo. #${id} queda resuelta, y las respuestas a ella llegan a #${into}. Puedes deshacerlo durante 7 días.`,
  stays: 'Esta conversación',
  goes: 'Se combina con ella',
  noMessages: 'Sin mensajes',
  merge: 'Combinar',
  others: 'Elegir otra',
  moves: 'Combinadas y divididas',
  mergedHere: (id, name) => `${name} combinó #${id} con esta conversación`,
  splitTo: (id, name) => `${name} movió mensajes a #${id}`,
  splitFrom: (id, name) => `${name} separó esta conversación de #${id}`,
  count: (count) => plural(count, { one: '# mensaje', other: '# mensajes' }),
  undo: 'Deshacer la combinación',
  undoSplit: 'Deshacer la separación',
  undoneUntil: (when) => `Se puede deshacer hasta el ${when}`,
  server: 'El servidor',
}

export const mentions: Catalogue['mentions'] = {
  title: 'Mencionar',
  team: 'Equipo',
  count: (count) => plural(count, { one: '# nombre', other: '# nombres' }),
  none: (query) => `Nadie llamado “${query}” ve esta conversación. Esc cierra esta lista.`,
}

export const notificationList: Catalogue['notificationList'] = {
  title: 'Notificaciones',
  readAll: 'Marcar todo como leído',
  settings: 'Ajustes',
  none: 'Nada nuevo. Aquí aparecen las asignaciones, las menciones y los mensajes de las conversaciones que sigues.',
  more: 'Mostrar anteriores',
  unread: 'Sin leer',
  visitor: 'Visitante',
  somebody: 'Alguien',
  created: (count) =>
    plural(count, {
      one: '# conversación nueva sin asignar',
      other: '# conversaciones nuevas sin asignar',
    }),
  assigned: (who) => `${who} te la asignó`,
  messages: (count) => plural(count, { one: '# mensaje nuevo', other: '# mensajes nuevos' }),
  followed: (count) =>
    plural(count, {
      one: '# mensaje nuevo en una conversación que sigues',
      other: '# mensajes nuevos en una conversación que sigues',
    }),
  imported: {
    done: 'La importación ha terminado',
    stopped: 'La importación se detuvo',
    failed: 'La importación ha fallado',
  },
  checked: {
    done: 'La comprobación ha terminado',
    stopped: 'La comprobación se detuvo',
    failed: 'La comprobación ha fallado',
  },
  importCounts: (stored, known, refused) =>
    `Nuevos: ${number(stored)}; ya existentes: ${number(known)}; rechazados: ${number(refused)}`,
  mentioned: (who) => `${who} te mencionó`,
}
