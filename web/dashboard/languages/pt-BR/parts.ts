import { list, number, plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

type Dashboard = NonNullable<Catalogue['dashboard']>

export const bulk: Dashboard['bulk'] = {
  label: 'Conversas selecionadas',
  select: (name) => `Selecionar a conversa com ${name}`,
  selectLoaded: 'Selecionar as conversas da lista',
  count: (count) => plural(count, { one: '# selecionada', other: '# selecionadas' }),
  all: 'Toda a visualização selecionada',
  selectAll: 'Selecionar toda a visualização',
  clear: 'Limpar seleção',
  tooMany: (most) => `Só as primeiras ${number(most)} são alteradas.`,
  action: 'Ação',
  choose: 'Escolha uma ação',
  apply: 'Aplicar',
  groups: {
    status: 'Status',
    assignee: 'Responsável',
    team: 'Equipe',
    priority: 'Prioridade',
    addLabel: 'Adicionar etiqueta',
    removeLabel: 'Remover etiqueta',
  },
  resolve: 'Resolver',
  collecting: 'Reunindo as conversas…',
  running: (done, total) => `${number(done)} de ${number(total)} alteradas`,
  undoing: (done, total) => `${number(done)} de ${number(total)} desfeitas`,
  done: (count) => plural(count, { one: '# conversa alterada', other: '# conversas alteradas' }),
  stopped: (done, total) =>
    `Interrompido após ${number(done)} de ${plural(total, { one: '# conversa', other: '# conversas' })}`,
  undone: (count) => plural(count, { one: '# conversa restaurada', other: '# conversas restauradas' }),
  failed: (count, why) =>
    `${plural(count, { one: '# conversa não alterada', other: '# conversas não alteradas' })}: ${why}`,
  kept: (count) =>
    plural(count, {
      one: '# conversa ficou como está, porque mudou desde então.',
      other: '# conversas ficaram como estão, porque mudaram desde então.',
    }),
  capped: 'A visualização tem mais conversas: repita a ação para as próximas.',
  progress: 'Progresso',
  stop: 'Parar',
  undo: 'Desfazer',
}

export const link: Dashboard['link'] = {
  invitationTitle: 'Boas-vindas',
  invitationLead: 'Defina uma senha para participar.',
  welcome: (name) => `Boas-vindas, ${name}`,
  joinAccount: (account, email) =>
    `Defina uma senha para participar de ${account}. Você vai entrar com ${email}.`,
  expiredTitle: 'Este convite não é mais válido',
  expired: 'Ele foi usado, substituído ou retirado, ou tem mais de 7 dias. Peça um novo a um administrador.',
  joinTitle: 'Participe com seu acesso atual',
  joinLead:
    'Você já entra aqui com este endereço, em outra conta. Digite sua senha atual e escolha uma nova. Sua sessão será encerrada em todos os navegadores.',
  currentPassword: 'Senha atual',
  wrongPassword: 'Esta não é a sua senha atual.',
  passwordTitle: 'Redefina sua senha',
  passwordExpiredTitle: 'Este link não é mais válido',
  passwordExpired: 'Ele foi usado ou substituído, ou é antigo demais. Peça um novo na página de login.',
  yourName: 'Seu nome (visível para clientes e colegas)',
  newPassword: 'Nova senha',
  endTokens: 'Revogar também meus tokens de acesso',
  endTokensHint: 'Os programas que os usam são recusados até você fornecer novos.',
  rule: 'Pelo menos 8 caracteres.',
  submit: 'Definir senha',
  noToken: 'Este link está incompleto. Abra-o de novo na mensagem que você recebeu.',
  done: 'Sua senha foi definida. Agora você já pode entrar.',
  emailTitle: 'Confirme seu e-mail',
  emailLead: 'A partir de agora, você vai entrar com o endereço para o qual este link foi enviado.',
  confirm: 'Confirmar',
  emailDone: 'Seu endereço foi confirmado. A partir de agora, entre com ele.',
  emailExpired: 'Ele foi usado ou substituído, ou é antigo demais. Altere de novo seu endereço no perfil.',
  emailTaken: 'Outra pessoa já entra com este endereço. Nada foi alterado.',
  toDashboard: 'Continuar',
}

export const nav: Dashboard['nav'] = {
  label: 'Principal',
  conversations: 'Conversas',
  contacts: 'Contatos',
  companies: 'Empresas',
  company: (name) => `Empresa ${name}`,
  settings: 'Configurações',
  api: 'API',
  signOut: 'Sair',
  theme: 'Tema',
  themes: { system: 'Sistema', light: 'Claro', dark: 'Escuro' },
  commands: 'Comandos',
  account: 'Conta',
  profile: 'Perfil',
  skip: 'Ir para as mensagens',
  skipToList: 'Ir para as conversas',
  skipToContacts: 'Ir para os contatos',
  skipToPage: 'Ir para o conteúdo',
  newTab: (name) => `${name} (abre em uma nova aba)`,
  unsent: 'Sair e excluir as mensagens não enviadas?',
  unsentText: 'Algumas mensagens ainda não foram enviadas. Elas serão excluídas se você sair agora.',
}

export const notifications: Dashboard['notifications'] = {
  title: 'Notificações',
  muted: 'Silenciadas',
  mutedUntil: (time) => `Notificações silenciadas até ${time}`,
  noteOf: (name) => `Nota privada de ${name}`,
  newMessages: (count) => plural(count, { one: 'Nova mensagem', other: '# novas mensagens' }),
  several: (count) =>
    plural(count, { one: 'Novas mensagens em # conversa', other: 'Novas mensagens em # conversas' }),
  unread: (count) => plural(count, { one: '# não lida', other: '# não lidas' }),
  somebody: 'Alguém',
  mentioned: (name) => `${name} mencionou você`,
  assigned: (name) => `Atribuída a você: ${name}`,
  testTitle: 'Notificação de teste',
  testBody: 'É assim que você recebe avisos de novas mensagens.',
}

export const pictures: Dashboard['pictures'] = {
  title: 'Imagem',
  original: 'Abrir em uma nova aba',
  previous: 'Imagem anterior',
  next: 'Próxima imagem',
  position: (at, count) => `${number(at)} de ${number(count)}`,
}

export const undo: Dashboard['undo'] = {
  undo: 'Desfazer',
  macro: (name) => `“${name}” foi executada`,
  status: (id, status) => `Conversa #${id}: ${status.toLowerCase()}`,
  assigned: (id) => `A atribuição de #${id} foi alterada`,
  merged: (id, into) => `#${id} foi mesclada com #${into}`,
  split: (id, from) => `#${id} foi separada de #${from}`,
  deleted: 'A mensagem foi excluída',
  sent: 'A mensagem foi enviada',
  mailSent: 'O e-mail será enviado em instantes',
}

export const visit: Dashboard['visit'] = {
  visitor: (id) => `Visitante ${id}`,
  title: 'Visita',
  page: 'Página',
  referrer: 'Origem',
  language: 'Idioma',
  browser: 'Navegador',
  browserOn: (name, system) => `${name} no ${system}`,
  unknownBrowser: 'Navegador desconhecido',
  seen: 'Visto por último',
}

export const people = {
  availability: {
    title: 'Disponibilidade',
    names: { online: 'Online', busy: 'Ocupado', offline: 'Offline' },
    hints: {
      online: 'Suas equipes podem atribuir conversas a você.',
      busy: 'Você está aqui, mas suas equipes não atribuem nada a você.',
      offline: 'Os outros veem você como ausente, e suas equipes não atribuem nada a você.',
    },
    isNow: (name) => `Sua disponibilidade: ${name}`,
  },
  inboxes: {
    none: 'Você ainda não é membro de nenhuma caixa de entrada.',
    ask: 'Peça a um administrador que adicione você a uma:',
    yours: 'Suas caixas de entrada',
  },
  settingsPages: {
    profile: 'Perfil',
    notifications: 'Notificações',
    tokens: 'Tokens de acesso',
    'canned-responses': 'Respostas prontas',
    views: 'Visualizações',
    macros: 'Macros',
    inboxes: 'Caixas de entrada',
    agents: 'Agentes',
    teams: 'Equipes',
    labels: 'Etiquetas',
    'custom-attributes': 'Atributos personalizados',
    bots: 'Bots',
    webhooks: 'Webhooks',
  },
} satisfies Dashboard

export const conversationList: Dashboard['list'] = {
  title: 'Conversas',
  tabs: { me: 'Minhas', unassigned: 'Não atribuídas', all: 'Todas' },
  search: 'Pesquisar',
  status: 'Status',
  statuses: {
    open: 'Aberta',
    pending: 'Pendente',
    snoozed: 'Adiada',
    resolved: 'Resolvida',
    all: 'Todos os status',
  },
  views: 'Visualizações',
  manageViews: 'Gerenciar visualizações…',
  noView: 'Esta visualização não existe',
  specialLists: { mentioned: 'Menções', participating: 'Seguindo', unattended: 'Não atendidas' },
  leaveView: 'Fechar visualização',
  filters: 'Filtros',
  inbox: 'Caixa de entrada',
  team: 'Equipe',
  label: 'Etiqueta',
  any: 'Todas',
  clear: 'Limpar filtros',
  unread: (count) => plural(count, { one: '# não lida', other: '# não lidas' }),
  you: 'Você: ',
  noMessage: 'Ainda não há mensagens',
  empty: 'Nenhuma conversa',
  emptySearch: (q, where) => `Nenhum resultado para “${q}” ${where}.`,
  everywhere: 'em todas as conversas',
  searchHint:
    'A pesquisa encontra palavras de mensagens e contatos pelo começo delas, e uma conversa por #12.',
  searchAll: 'Pesquisar em todas as conversas',
  where: (parts) => `com estes filtros: ${list(parts)}`,
  isOnly: (name, value) => `${name}: ${value}`,
  removeFilter: (filter) => `Remover o filtro ${filter}`,
  assignedTo: (name) => `Atribuída a ${name}`,
  waiting: (time) => `Esperando há ${time}`,
  waitingHint: 'O cliente escreveu por último.',
  minutes: (count) => `${number(count)} min`,
  hours: (count) => `${number(count)} h`,
  days: (count) => `${number(count)} d`,
  writing: (name) => `${name} está digitando…`,
  newMail: 'Nova conversa por e-mail',
  ofAll: (count) => plural(count, { one: '# conversa', other: '# conversas' }),
}
