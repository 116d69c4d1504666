import type { Catalogue } from '../catalogue.ts'

type Settings = NonNullable<Catalogue['settings']>

export const preChat: Settings['preChat'] = {
  enabled: 'Pedir datos a los visitantes antes de su primer mensaje',
  title: 'Formulario antes del primer mensaje',
  message: 'Texto sobre el formulario',
  fields: {
    name: 'Nombre',
    email: 'Correo electrónico',
    phone_number: 'Número de teléfono',
    text: 'Texto',
    select: 'Opciones',
    checkbox: 'Casilla',
  },
  labels: { name: 'Nombre', email: 'Correo electrónico', phone_number: 'Número de teléfono' },
  kind: (position) => `Campo ${position}`,
  label: (position) => `Etiqueta del campo ${position}`,
  values: (position) => `Opciones del campo ${position}, una por línea`,
  required: 'Obligatorio',
  remove: (position) => `Quitar el campo ${position}`,
  add: 'Añadir un campo',
}
