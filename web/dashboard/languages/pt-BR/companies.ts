import { plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

/** The page of companies. */
export const companies: Catalogue['companies'] = {
  title: 'Empresas',
  company: 'Empresa',
  companyHint: 'Um nome que não está na lista cria uma empresa.',
  search: 'Buscar empresas',
  sort: 'Ordenar por',
  sorts: {
    name: 'Nome',
    '-name': 'Nome, de Z a A',
    '-contacts_count': 'Mais contatos',
    contacts_count: 'Menos contatos',
  },
  contactCount: (count) => plural(count, { one: '# contato', other: '# contatos' }),
  none: 'Ainda não há empresas',
  notFound: 'Nenhuma empresa corresponde.',
  more: 'Mostrar mais',
  choose: 'Escolha uma empresa para vê-la aqui.',
  back: 'Todas as empresas',
  create: 'Nova empresa',
  createIt: 'Criar empresa',
  open: 'Abrir empresa',
  details: 'Detalhes',
  name: 'Nome',
  domain: 'Domínio',
  domainHint: 'Novos contatos com um e-mail deste domínio pertencem à empresa: example.com',
  description: 'Descrição',
  since: 'Criada em',
  contacts: 'Contatos',
  noContacts: 'Ainda não há contatos',
  conversations: 'Conversas mais recentes',
  noConversations: 'Nenhuma conversa que você possa ver',
  remove: 'Excluir empresa',
  removeTitle: (name) => `Excluir ${name}?`,
  removeText: 'Os contatos dela permanecem e deixam de pertencer a uma empresa. Não é possível desfazer.',
}
