import { plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

/** The page of companies. */
export const companies: Catalogue['companies'] = {
  title: 'Empresas',
  company: 'Empresa',
  companyHint: 'Un nombre que no está en la lista crea una empresa.',
  search: 'Buscar empresas',
  sort: 'Ordenar por',
  sorts: {
    name: 'Nombre',
    '-name': 'Nombre, de la Z a la A',
    '-contacts_count': 'Más contactos',
    contacts_count: 'Menos contactos',
  },
  contactCount: (count) => plural(count, { one: '# contacto', other: '# contactos' }),
  none: 'Aún no hay empresas',
  notFound: 'Ninguna empresa coincide.',
  more: 'Mostrar más',
  choose: 'Elige una empresa para verla aquí.',
  back: 'Todas las empresas',
  create: 'Nueva empresa',
  createIt: 'Crear empresa',
  open: 'Abrir empresa',
  details: 'Detalles',
  name: 'Nombre',
  domain: 'Dominio',
  domainHint: 'Los contactos nuevos con un correo de este dominio pertenecen a la empresa: example.com',
  description: 'Descripción',
  since: 'Creada',
  contacts: 'Contactos',
  noContacts: 'Aún no hay contactos',
  conversations: 'Conversaciones más recientes',
  noConversations: 'Ninguna conversación que puedas ver',
  remove: 'Eliminar empresa',
  removeTitle: (name) => `¿Eliminar ${name}?`,
  removeText: 'Sus contactos se conservan y ya no pertenecen a ninguna empresa. No se puede deshacer.',
}
