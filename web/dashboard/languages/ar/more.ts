import { number, plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

type Dashboard = NonNullable<Catalogue['dashboard']>
type Settings = NonNullable<Catalogue['settings']>

export const participants: Dashboard['participants'] = {
  title: 'المشاركون',
  hint: 'تصلهم إشعارات بالرسائل الجديدة.',
  none: 'لا أحد يتابع هذه المحادثة.',
  follow: 'متابعة',
  leave: 'إلغاء المتابعة',
  add: 'إضافة مشارك…',
  remove: (name) => `إزالة ${name} من المشاركين`,
}

export const kinds: NonNullable<Settings['notifications']>['kinds'] = {
  title: 'على جميع أجهزتك',
  lead: 'لا يُدرج ما تفعله بنفسك. وما تقرؤه على جهاز يصبح مقروءًا على جميع أجهزتك.',
  type: 'عندما',
  types: {
    conversation_assignment: 'تُسند إليّ محادثة',
    assigned_conversation_new_message: 'تصل رسالة جديدة في إحدى محادثاتي',
    conversation_mention: 'تشير ملاحظة إليّ أو إلى فريقي',
    participating_conversation_new_message: 'تصل رسالة جديدة في محادثة أتابعها',
    conversation_creation: 'تبدأ محادثة جديدة غير مُسندة',
    import_finished: 'ينتهي استيراد جهات الاتصال الذي بدأته',
  },
  channels: { app: 'القائمة', email: 'البريد', push: 'فوري' },
  box: (type, channel) => `${type}: ${channel}`,
  emailHint: 'يُرسل بريد إذا لم ترَ الإشعار خلال 10 دقائق، مرة في الساعة على الأكثر. ولا يتضمن البريد ما كُتب.',
  noEmail: 'يتطلب البريد الإلكتروني خادم بريد. اسأل من يدير هذا الخادم.',
  quiet: 'ساعات الهدوء',
  quietHint: 'بين هذين الوقتين كل يوم، ينتظر البريد والإشعارات الفورية.',
  from: 'من',
  to: 'إلى',
  zone: 'المنطقة الزمنية',
}

export const push: Settings['push'] = {
  title: 'عندما تكون لوحة التحكم مغلقة',
  lead: 'تصل الإشعارات الفورية إلى هذا المتصفح ما دامت لوحة التحكم غير مفتوحة في أي صفحة، وتحل محل إشعارات سطح المكتب ما دامت في الخلفية.',
  states: {
    on: 'يعرض هذا المتصفح الإشعارات الفورية.',
    off: 'لا يعرض هذا المتصفح الإشعارات الفورية.',
  },
  turnOn: 'تفعيل الإشعارات الفورية',
  turnOff: 'إيقاف الإشعارات الفورية',
  text: 'عرض الأسماء والنصوص في الإشعارات الفورية',
  textHint: 'قد يعرضها جهازك على شاشته المقفلة.',
  test: 'إرسال إشعار تجريبي',
  tested: 'الإشعار التجريبي في الطريق.',
  unsupported:
    'لا يستطيع هذا المتصفح عرض الإشعارات الفورية هنا. فهي تتطلب https. على iPhone أو iPad، أضف لوحة التحكم إلى الشاشة الرئيسية أولًا.',
  denied: 'يحظر متصفحك إشعارات هذه الصفحة. اسمح بها في إعداداته لهذا الموقع.',
  unreachable: 'تعذّر على المتصفح الوصول إلى خدمة الإشعارات الفورية. حاول مرة أخرى لاحقًا.',
}

export const moves: Catalogue['moves'] = {
  title: 'دمج محادثة في هذه المحادثة',
  search: 'البحث عن محادثة لجهة الاتصال هذه',
  choose: 'محادثات جهة الاتصال هذه في صندوق الوارد هذا',
  none: 'ليس لجهة الاتصال هذه محادثة أخرى في صندوق الوارد هذا.',
  noMatch: 'لا توجد محادثة مطابقة.',
  more: 'عرض المزيد',
  preview: (id, into) => `دمج #${id} في #${into}`,
  explanation: (id, into) =>
    `تُعرض رسائل #${id} في #${into} بترتيبها الزمني. وتُحل #${id}، وتصل الردود عليها في #${into}. يمكنك التراجع عن ذلك خلال 7 أيام.`,
  stays: 'هذه المحادثة',
  goes: 'تُدمج فيها',
  noMessages: 'لا رسائل',
  merge: 'دمج',
  others: 'اختيار محادثة أخرى',
  moves: 'الدمج والتقسيم',
  mergedHere: (id, name) => `دمج ${name} المحادثة #${id} في هذه المحادثة`,
  splitTo: (id, name) => `نقل ${name} رسائل إلى #${id}`,
  splitFrom: (id, name) => `فصل ${name} هذه المحادثة عن #${id}`,
  count: (count) =>
    plural(count, {
      one: 'رسالة واحدة',
      two: 'رسالتان',
      few: '# رسائل',
      many: '# رسالة',
      other: '# رسالة',
    }),
  undo: 'التراجع عن الدمج',
  undoSplit: 'التراجع عن الفصل',
  undoneUntil: (when) => `يمكن التراجع حتى ${when}`,
  server: 'الخادم',
}

export const mentions: Catalogue['mentions'] = {
  title: 'إشارة إلى',
  team: 'فريق',
  count: (count) =>
    plural(count, { one: 'اسم واحد', two: 'اسمان', few: '# أسماء', many: '# اسمًا', other: '# اسم' }),
  none: (query) => `لا أحد باسم «${query}» يرى هذه المحادثة. يغلق Esc هذه القائمة.`,
}

export const notificationList: Catalogue['notificationList'] = {
  title: 'الإشعارات',
  readAll: 'تحديد الكل كمقروء',
  settings: 'الإعدادات',
  none: 'لا جديد. تظهر هنا الإسنادات والإشارات إليك والرسائل في المحادثات التي تتابعها.',
  more: 'عرض الأقدم',
  unread: 'غير مقروء',
  visitor: 'زائر',
  somebody: 'شخص ما',
  created: (count) =>
    plural(count, {
      one: 'محادثة جديدة غير مُسندة',
      two: 'محادثتان جديدتان غير مُسندتين',
      few: '# محادثات جديدة غير مُسندة',
      many: '# محادثة جديدة غير مُسندة',
      other: '# محادثة جديدة غير مُسندة',
    }),
  assigned: (who) => `أسندها إليك ${who}`,
  messages: (count) =>
    plural(count, {
      one: 'رسالة جديدة',
      two: 'رسالتان جديدتان',
      few: '# رسائل جديدة',
      many: '# رسالة جديدة',
      other: '# رسالة جديدة',
    }),
  followed: (count) =>
    plural(count, {
      one: 'رسالة جديدة في محادثة تتابعها',
      two: 'رسالتان جديدتان في محادثة تتابعها',
      few: '# رسائل جديدة في محادثة تتابعها',
      many: '# رسالة جديدة في محادثة تتابعها',
      other: '# رسالة جديدة في محادثة تتابعها',
    }),
  imported: { done: 'انتهى الاستيراد', stopped: 'أُوقف الاستيراد', failed: 'فشل الاستيراد' },
  checked: { done: 'انتهى التحقق', stopped: 'أُوقف التحقق', failed: 'فشل التحقق' },
  importCounts: (stored, known, refused) =>
    `جديدة: ${number(stored)}، موجودة: ${number(known)}، مرفوضة: ${number(refused)}`,
  mentioned: (who) => `أشار إليك ${who}`,
}
