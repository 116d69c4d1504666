import type { Catalogue } from '../catalogue.ts'
import { push } from './more.ts'
import { preChat } from './pre-chat.ts'
import { bots, first, webhooks } from './programs.ts'

type Settings = NonNullable<Catalogue['settings']>

/** The settings, except inboxes, agents, teams and labels (account.ts). */
export const settings: Settings = {
  optional: '(opcional)',
  save: 'Salvar',
  working: 'Aguarde…',
  saved: 'Salvo',
  copy: 'Copiar',
  copied: 'Copiado',
  copyWhat: (verb, what) => `${verb}: ${what}`,
  copyByHand: 'Seu navegador não permite copiar. O texto está selecionado: pressione Ctrl+C ou ⌘C.',
  never: 'nunca',

  nav: {
    you: 'Você',
    administratorsOnly: 'Só administradores podem alterar isto.',
  },

  profile: {
    lead: 'Como clientes e colegas veem você, e como você entra.',
    aboutYou: 'Sobre você',
    name: 'Nome',
    nameHint: 'Os clientes o veem acima das suas respostas.',
    language: 'Idioma',
    languageLead: 'O idioma deste painel, em todos os navegadores em que você entrar.',
    browserLanguage: (name) => `O do navegador (${name})`,
    changeLanguage: 'Alterar idioma',
    email: 'E-mail',
    emailLead: (email) =>
      `Você entra com ${email}. Um novo endereço passa a valer quando você abre o link enviado para ele.`,
    newEmail: 'Novo e-mail',
    changeEmail: 'Enviar link',
    emailSent: 'Abra o link na mensagem enviada para o novo endereço.',
    password: 'Senha',
    passwordLead: 'Ao alterar a senha, sua sessão é encerrada em todos os outros navegadores.',
    endTokens: 'Revogar também meus tokens de acesso',
    endTokensHint: 'Os programas que os usam param de funcionar até receberem novos.',
    current: 'Senha atual',
    next: 'Nova senha',
    nextHint: 'Pelo menos 8 caracteres.',
    change: 'Alterar senha',
    sessions: 'Onde você entrou',
    sessionsLead:
      'Sua sessão termina 30 dias depois da última visita e, no máximo, 90 dias depois de você entrar. Se não reconhecer um navegador, encerre a sessão dele e altere sua senha.',
    thisSession: 'Este navegador',
    sessionFacts: (used, began) => `último uso em ${used} · iniciada em ${began}`,
    endSession: 'Encerrar',
    endSessionOf: (browser) => `Encerrar a sessão: ${browser}`,
    endOthers: 'Encerrar as outras sessões',
    endOthersTitle: 'Encerrar todas as outras sessões?',
    endOthersText: 'Sua sessão é encerrada imediatamente em todos os outros navegadores.',
  },

  tokens: {
    lead: 'Com um token, um programa age em seu nome. Ele pode fazer o que você pode, dentro do escopo do token.',
    none: 'Ainda não há tokens de acesso',
    list: 'Seus tokens',
    make: 'Criar token',
    makeTitle: 'Novo token',
    settings: 'Configurações',
    name: 'Nome',
    nameHint: 'Para que serve o token.',
    namePlaceholder: 'Sistema de pedidos',
    current: 'Sua senha',
    currentHint: 'Necessária porque este token pode fazer tudo o que você pode.',
    scopes: 'Escopo',
    scope: { read: 'Ler', write: 'Ler e escrever', admin: 'Administrar' },
    scopeHints: {
      read: 'Pode ver tudo o que você vê.',
      write: 'Também pode enviar mensagens e alterar conversas e contatos.',
      admin: 'Também pode alterar caixas de entrada, agentes, webhooks e todas as outras configurações.',
    },
    end: 'Expira',
    ends: {
      0: 'Nunca',
      7: 'Após 7 dias',
      30: 'Após 30 dias',
      90: 'Após 90 dias',
      365: 'Após um ano',
    },
    endsAt: (when) => `expira em ${when}`,
    endedAt: (when) => `expirou em ${when}`,
    endsNever: 'não expira',
    usedAt: (when) => `último uso em ${when}`,
    unused: 'ainda não usado',
    createdAt: (when) => `criado em ${when}`,
    all: 'Tokens de acesso',
    allLead:
      'Programas os usam para agir como um membro desta conta. Remover um agente revoga os tokens dele.',
    noneOfAll: 'Ainda não há tokens de acesso',
    revokeOneOf: (name, agent) => `Revogar ${name} de ${agent}`,
    secretTitle: (name) => `Token “${name}”`,
    secretLead: 'Ele só é mostrado uma vez: copie-o agora e guarde-o em um local seguro.',
    secret: 'Token',
    copied: 'Já copiei',
    revoke: 'Revogar',
    revokeOne: (name) => `Revogar ${name}`,
    revokeTitle: (name) => `Revogar “${name}”?`,
    revokeText:
      'Os programas que usam este token param de funcionar imediatamente. Isso não pode ser desfeito.',
  },

  notifications: {
    lead: 'Do que você recebe avisos, e como.',
    kinds: {
      title: 'Em todos os seus dispositivos',
      lead: 'O que você mesmo faz não aparece. O que você lê em um dispositivo fica lido em todos.',
      type: 'Quando',
      types: {
        conversation_assignment: 'Uma conversa é atribuída a mim',
        assigned_conversation_new_message: 'Uma nova mensagem em uma conversa minha',
        conversation_mention: 'Uma nota menciona a mim ou à minha equipe',
        participating_conversation_new_message: 'Uma nova mensagem em uma conversa que sigo',
        conversation_creation: 'Uma nova conversa não está atribuída',
        import_finished: 'Minha importação de contatos termina',
      },
      channels: { app: 'Lista', email: 'E-mail', push: 'Push' },
      box: (type, channel) => `${type}: ${channel}`,
      emailHint:
        'Um e-mail é enviado se você não viu em 10 minutos, no máximo um por hora. Ele não contém o que foi escrito.',
      noEmail: 'O e-mail precisa de um servidor de e-mail. Fale com quem administra este servidor.',
      quiet: 'Horário de silêncio',
      quietHint: 'Todos os dias, entre estes horários, e-mails e mensagens push esperam.',
      from: 'De',
      to: 'Até',
      zone: 'Fuso horário',
    },
    about: 'Neste navegador, enquanto esta página está aberta',
    topics: 'Conversas',
    topicNames: {
      mine: 'Atribuídas a mim',
      unassigned: 'Não atribuídas, nas minhas caixas de entrada',
      teams: 'Das minhas equipes',
      others: 'Todas as outras que posso ver',
    },
    topicsHint:
      'O número na aba do navegador conta estas conversas enquanto têm mensagens não lidas. Não escolha nenhuma para desativar as notificações.',
    notes: 'Também notas privadas de colegas nestas conversas',
    sound: 'Tocar um som',
    soundHint: 'Os navegadores permitem isso depois do seu primeiro clique ou tecla nesta página.',
    desktop: 'Mostrar notificações na área de trabalho',
    text: 'Mostrar o texto da mensagem nas notificações da área de trabalho',
    textHint: 'Desative se outras pessoas puderem ver sua tela.',
    permission: 'Permissão e teste',
    permissions: {
      granted: 'Este navegador permite notificações na área de trabalho.',
      default: 'Seu navegador pede sua permissão primeiro.',
      denied:
        'Seu navegador bloqueia as notificações desta página. Permita-as nas configurações dele para este site e recarregue a página.',
      unsupported:
        'Este navegador não pode mostrar notificações da área de trabalho aqui. Elas exigem https.',
    },
    ask: 'Permitir notificações',
    test: 'Enviar uma notificação de teste',
    testSound: 'Tocar o som',
    mute: 'Silenciar',
    muteLead:
      'Desativa o som e as notificações na área de trabalho. Eles também ficam desativados enquanto sua disponibilidade for Ocupado.',
    muteForAnHour: 'Silenciar por uma hora',
    unmute: 'Reativar',
  },

  push,
  preChat,
  bots,
  webhooks,
  first,
}
