import { number, plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

type Dashboard = NonNullable<Catalogue['dashboard']>
type Settings = NonNullable<Catalogue['settings']>

export const participants: Dashboard['participants'] = {
  title: 'Participantes',
  hint: 'Eles recebem avisos de novas mensagens.',
  none: 'Ninguém segue esta conversa.',
  follow: 'Seguir',
  leave: 'Deixar de seguir',
  add: 'Adicionar participante…',
  remove: (name) => `Remover ${name} dos participantes`,
}

export const push: Settings['push'] = {
  title: 'Quando o painel está fechado',
  lead: 'As mensagens push chegam a este navegador quando nenhuma página do painel está aberta, e substituem as notificações na área de trabalho enquanto ele está em segundo plano.',
  states: {
    on: 'Este navegador mostra mensagens push.',
    off: 'Este navegador não mostra mensagens push.',
  },
  turnOn: 'Ativar mensagens push',
  turnOff: 'Desativar mensagens push',
  text: 'Mostrar nomes e textos nas mensagens push',
  textHint: 'Seu dispositivo pode mostrá-los na tela bloqueada.',
  test: 'Enviar uma mensagem de teste',
  tested: 'A mensagem de teste está a caminho.',
  unsupported:
    'Este navegador não pode mostrar mensagens push aqui. Elas exigem https. Em um iPhone ou iPad, adicione primeiro o painel à tela de início.',
  denied:
    'Seu navegador bloqueia as notificações desta página. Permita-as nas configurações dele para este site.',
  unreachable: 'O navegador não conseguiu acessar o serviço de push. Tente de novo mais tarde.',
}

export const moves: Catalogue['moves'] = {
  title: 'Mesclar uma conversa com esta',
  search: 'Encontrar uma conversa deste contato',
  choose: 'Conversas deste contato nesta caixa de entrada',
  none: 'Este contato não tem outra conversa nesta caixa de entrada.',
  noMatch: 'Nenhuma conversa corresponde.',
  more: 'Mostrar mais',
  preview: (id, into) => `Mesclar #${id} com #${into}`,
  explanation: (id, into) =>
    `As mensagens de #${id} aparecem em #${into}, em ordem cronológica. #${id} fica resolvida, e as respostas a ela chegam em #${into}. Você pode desfazer isso por 7 dias.`,
  stays: 'Esta conversa',
  goes: 'É mesclada com ela',
  noMessages: 'Nenhuma mensagem',
  merge: 'Mesclar',
  others: 'Escolher outra',
  moves: 'Mescladas e divididas',
  mergedHere: (id, name) => `${name} mesclou #${id} com esta conversa`,
  splitTo: (id, name) => `${name} moveu mensagens para #${id}`,
  splitFrom: (id, name) => `${name} separou esta conversa de #${id}`,
  count: (count) => plural(count, { one: '# mensagem', other: '# mensagens' }),
  undo: 'Desfazer a mesclagem',
  undoSplit: 'Desfazer a separação',
  undoneUntil: (when) => `Pode ser desfeito até ${when}`,
  server: 'O servidor',
}

export const mentions: Catalogue['mentions'] = {
  title: 'Mencionar',
  team: 'Equipe',
  count: (count) => plural(count, { one: '# nome', other: '# nomes' }),
  none: (query) => `Ninguém chamado “${query}” vê esta conversa. Esc fecha esta lista.`,
}

export const notificationList: Catalogue['notificationList'] = {
  title: 'Notificações',
  readAll: 'Marcar tudo como lido',
  settings: 'Configurações',
  none: 'Nada de novo. As atribuições, menções e mensagens das conversas que você segue aparecem aqui.',
  more: 'Mostrar anteriores',
  unread: 'Não lida',
  visitor: 'Visitante',
  somebody: 'Alguém',
  created: (count) =>
    plural(count, {
      one: '# nova conversa não atribuída',
      other: '# novas conversas não atribuídas',
    }),
  assigned: (who) => `${who} atribuiu a você`,
  messages: (count) => plural(count, { one: '# nova mensagem', other: '# novas mensagens' }),
  followed: (count) =>
    plural(count, {
      one: '# nova mensagem em uma conversa que você segue',
      other: '# novas mensagens em uma conversa que você segue',
    }),
  imported: {
    done: 'A importação terminou',
    stopped: 'A importação foi interrompida',
    failed: 'A importação falhou',
  },
  checked: {
    done: 'A verificação terminou',
    stopped: 'A verificação foi interrompida',
    failed: 'A verificação falhou',
  },
  importCounts: (stored, known, refused) =>
    `Novos: ${number(stored)}; já existentes: ${number(known)}; recusados: ${number(refused)}`,
  mentioned: (who) => `${who} mencionou você`,
}
