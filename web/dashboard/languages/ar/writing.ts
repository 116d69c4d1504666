import { plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

const files = (count: number) =>
  plural(count, { one: 'ملف واحد', two: 'ملفان', few: '# ملفات', many: '# ملفًا', other: '# ملف' })

export const format: Catalogue['format'] = {
  label: 'التنسيق',
  names: {
    bold: 'غامق',
    italic: 'مائل',
    code: 'رمز برمجي',
    link: 'رابط',
    list: 'قائمة نقطية',
    numbers: 'قائمة مرقّمة',
    quote: 'اقتباس',
  },
  emoji: 'رموز تعبيرية',
}

export const writing: Catalogue['writing'] = {
  otherDraft: 'كتبت هنا نصًا آخر في متصفح آخر:',
  useOther: 'استخدام ذلك النص',
  keepMine: 'الإبقاء على هذا النص',
  repliedMeanwhile: (name) => `أرسل ${name} ردًا منذ بدأت الكتابة:`,
  sendsAgain: 'أرسل مجددًا إذا كان العميل يحتاج إلى ردك أيضًا.',
  sign: 'إضافة توقيعي',
  answers: (name) => `رد على ${name}`,
  answersNothing: 'بلا رد على رسالة معيّنة',
  later: 'الإرسال لاحقًا',
  laterTimes: { hour: 'بعد ساعة', tomorrow: 'صباح الغد', week: 'صباح الاثنين' },
  laterTime: 'في وقت آخر',
  schedule: 'جدولة',
  cancelledByReply: 'إلغاؤها إذا رد العميل قبل ذلك',
}

export const cannedComposer: Catalogue['cannedComposer'] = {
  button: 'إدراج رد جاهز',
  tooManyFiles: (most, extra) => `الحد الأقصى لملفات الرسالة ${most}. أزل ${extra} لإرسالها.`,
}

export const cannedPopover: Catalogue['cannedPopover'] = {
  title: 'الردود الجاهزة',
  loading: 'جارٍ البحث…',
  none: 'لا ردود جاهزة بعد.',
  make: 'إنشاء رد',
  noneFound: (query) => `لا رد جاهز فيه «${query}». يغلق Esc هذه القائمة.`,
  count: (count) =>
    plural(count, {
      one: 'رد جاهز واحد',
      two: 'ردان جاهزان',
      few: '# ردود جاهزة',
      many: '# ردًا جاهزًا',
      other: '# رد جاهز',
    }),
  more: 'اكتب مزيدًا من الأحرف للعثور على غيرها.',
  files,
  mine: 'لك وحدك',
}

export const macros: Catalogue['macros'] = {
  title: 'تنفيذ ماكرو',
  choose: 'اختر ماكرو',
  none: 'لا وحدات ماكرو بعد.',
  create: 'إنشاء ماكرو',
  preview: (name) => `تنفيذ «${name}»؟`,
  run: 'تنفيذ',
  whatItDoes: 'ما سيفعله',
  others: 'وحدات ماكرو أخرى',
  nothing: 'لا يغيّر شيئًا في هذه المحادثة.',
  sends: 'يرسل',
  notes: 'يضيف ملاحظة',
  changes: 'يغيّر',
  fields: {
    status: 'الحالة',
    snoozed_until: 'مؤجلة حتى',
    priority: 'الأولوية',
    assignee_id: 'المُسنَد إليه',
    team_id: 'الفريق',
    labels: 'الوسوم',
    custom_attributes: 'السمات',
    blocked: 'جهة الاتصال محظورة',
  },
  becomes: 'يصبح',
}

export const actions: Catalogue['actions'] = {
  send_message: 'إرسال رد',
  add_private_note: 'إضافة ملاحظة خاصة',
  add_label: 'إضافة وسوم',
  remove_label: 'إزالة وسوم',
  assign_agent: 'إسناد إلى وكيل',
  assign_team: 'إسناد إلى فريق',
  change_status: 'تعيين الحالة',
  snooze_conversation: 'تأجيل',
  change_priority: 'تعيين الأولوية',
  set_attribute: 'تعيين سمة',
  mute_conversation: 'حظر جهة الاتصال',
  send_email_transcript: 'إرسال نص المحادثة بالبريد',
  send_webhook_event: 'إرسال إلى خطاف ويب',
}

export const prepared: Catalogue['prepared'] = {
  label: 'في انتظار الإرسال',
  scheduled: (when) => `ستُرسل ${when}`,
  unlessReply: 'ما لم يرد العميل',
  cancelled: 'لم تُرسل: لقد رد العميل',
  failed: (why) => `لم تُرسل: ${why}`,
  by: (name) => `من ${name}`,
  note: 'ملاحظة خاصة',
  cc: 'نسخة',
  bcc: 'نسخة مخفية',
  cancel: 'إلغاء',
  cancelTitle: 'عدم إرسال هذه الرسالة؟',
  cancelText: 'ستُحذف. لا يمكن التراجع عن ذلك.',
  cancelAction: 'حذف',
  proposal: 'رد مقترح',
  of: { user: 'من زميل', bot: 'من روبوت', system: 'من الخادم', contact: '', rule: 'من قاعدة' },
  sources: 'استنادًا إلى',
  actions: 'وأيضًا',
  files,
  send: 'إرسال',
  edit: 'تعديل',
  refuse: 'رفض',
  editLabel: 'نص الرد المقترح',
  reason: 'لماذا لا؟ يرى السبب من اقترحه.',
  noReason: 'لم يُذكر سبب',
  stale: 'كتب العميل منذ اقتراحه. انسخه إلى ردك إذا كان لا يزال مناسبًا.',
  expired: 'انتهت مدته. انسخه إلى ردك إذا كان لا يزال مناسبًا.',
  decided: 'سبقك زميل: بُتّ في هذا الاقتراح بالفعل.',
  copy: 'نسخ إلى ردي',
}
