import { plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

type Settings = NonNullable<Catalogue['settings']>

export const push: Settings['push'] = {
  title: 'Quand l’application est fermée',
  lead: 'Les messages push atteignent ce navigateur quand aucune page de l’application n’est ouverte, et remplacent les notifications sur le bureau quand elle est en arrière-plan.',
  states: {
    on: 'Ce navigateur affiche les messages push.',
    off: 'Ce navigateur n’affiche pas de messages push.',
  },
  turnOn: 'Activer les messages push',
  turnOff: 'Désactiver les messages push',
  text: 'Afficher les noms et les textes dans les messages push',
  textHint: 'Votre appareil peut les afficher sur son écran verrouillé.',
  test: 'Envoyer un message de test',
  tested: 'Le message de test est en route.',
  unsupported:
    'Ce navigateur ne peut pas afficher de messages push ici. Ils exigent https. Sur un iPhone ou un iPad, ajoutez d’abord l’application à l’écran d’accueil.',
  denied:
    'Votre navigateur bloque les notifications de cette page. Autorisez-les dans ses réglages pour ce site.',
  unreachable: 'Le navigateur n’a pas pu joindre son service push. Réessayez plus tard.',
}

export const moves: Catalogue['moves'] = {
  title: 'Fusionner une conversation dans celle-ci',
  search: 'Trouver une conversation de ce contact',
  choose: 'Conversations de ce contact dans cette boîte de réception',
  none: 'Ce contact n’a pas d’autre conversation dans cette boîte de réception.',
  noMatch: 'Aucune conversation ne correspond.',
  more: 'Afficher plus',
  preview: (id, into) => `Fusionner #${id} dans #${into}`,
  explanation: (id, into) =>
    `Les messages de #${id} s’affichent dans #${into}, par ordre chronologique. #${id} est résolue, et les réponses qui y arrivent vont dans #${into}. Vous pouvez annuler pendant 7 jours.`,
  stays: 'Cette conversation',
  goes: 'Y est fusionnée',
  noMessages: 'Aucun message',
  merge: 'Fusionner',
  others: 'En choisir une autre',
  moves: 'Fusions et scissions',
  mergedHere: (id, name) => `${name} a fusionné #${id} dans cette conversation`,
  splitTo: (id, name) => `${name} a déplacé des messages vers #${id}`,
  splitFrom: (id, name) => `${name} a séparé cette conversation de #${id}`,
  count: (count) => plural(count, { one: '# message', other: '# messages' }),
  undo: 'Annuler la fusion',
  undoSplit: 'Annuler la séparation',
  undoneUntil: (when) => `Annulable jusqu’au ${when}`,
  server: 'Le serveur',
}
