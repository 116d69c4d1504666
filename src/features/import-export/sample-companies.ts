import { foldName } from '../../lib/text/fold-name.ts'

/** The name and the description of a company. */
const described: readonly [string, string | null][] = [
  ['Alder Books', 'Three bookshops and a reading room'],
  ['Amber Lighting', 'Lamps for hotels'],
  ['Atlas Freight', 'Ships our pallets to the south'],
  ['Bluebird Travel', null],
  ['Bramble Kitchens', 'Orders every autumn'],
  ['Cedar & Sons', 'Furniture since 1931'],
  ['Clover Dairy', null],
  ['Copper Kettle', 'Tea rooms in eleven towns'],
  ['Delta Foods', 'Pays by invoice, within 30 days'],
  ['Dune Architects', null],
  ['Ember Studio', 'Photographs our catalogue'],
  ['Fable Toys', 'Needs the labels in two languages'],
  ['Fjord Outdoor', null],
  ['Foxglove Gardens', null],
  ['Granite Works', 'Delivers to the back door only'],
  ['Harbour Hotels', 'One order for all houses'],
  ['Hazel Fabrics', null],
  ['Indigo Press', null],
  ['Juniper Clinics', 'Asks for certificates'],
  ['Kestrel Bikes', null],
  ['Lantern Events', 'Rents, and returns on Mondays'],
  ['Linden Schools', 'Closed in July and August'],
  ['Maple Office', null],
  ['Marlow Instruments', null],
  ['Nimbus Air', null],
  ['Northgate Stores', 'Our largest customer'],
  ['Olive Trading', null],
  ['Orchard Foods', null],
  ['Pebble Design', null],
  ['Quarry Tiles', null],
  ['Raven Records', null],
  ['Sable Interiors', null],
  ['Tamarind Spices', null],
  ['Umber Ceramics', null],
  ['Vesper Theatres', null],
  ['Willow Care', null],
]

/** The companies of a sample: more than a page of them. */
export const companies = described.map(([name, description]) => {
  const domain = `${foldName(name).replaceAll(/[^a-z]+/g, '-')}.example`
  return { name, description, domain }
})
