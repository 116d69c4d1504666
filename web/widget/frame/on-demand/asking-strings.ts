import { computed } from '@preact/signals'
import { language } from '../strings.ts'

const all = {
  en: {
    startChat: 'Start the chat',
    wrongAnswer: 'Please check what you have entered.',
    askEmail: 'How can we reach you if you leave this page?',
    skip: 'Not now',
    wrongEmail: 'Please check the address.',
  },
  ar: {
    startChat: 'ابدأ المحادثة',
    wrongAnswer: 'يرجى التحقق مما أدخلته.',
    askEmail: 'كيف يمكننا التواصل معك إذا غادرت هذه الصفحة؟',
    skip: 'ليس الآن',
    wrongEmail: 'يرجى التحقق من العنوان.',
  },
  de: {
    startChat: 'Chat beginnen',
    wrongAnswer: 'Bitte prüfen Sie Ihre Angaben.',
    askEmail: 'Wie erreichen wir Sie, wenn Sie diese Seite verlassen?',
    skip: 'Jetzt nicht',
    wrongEmail: 'Bitte prüfen Sie die Adresse.',
  },
  es: {
    startChat: 'Iniciar el chat',
    wrongAnswer: 'Revisa los datos que has introducido.',
    askEmail: '¿Cómo podemos contactarte si sales de esta página?',
    skip: 'Ahora no',
    wrongEmail: 'Revisa la dirección.',
  },
  fr: {
    startChat: 'Démarrer la discussion',
    wrongAnswer: 'Veuillez vérifier vos informations.',
    askEmail: 'Comment vous joindre si vous quittez cette page ?',
    skip: 'Pas maintenant',
    wrongEmail: 'Veuillez vérifier l’adresse.',
  },
}
type Asking = (typeof all)['en']

/** The texts of what asks visitors who they are, in the language of the website. */
export const asking = computed((): Asking => (all as Record<string, Asking>)[language.value] ?? all.en)
