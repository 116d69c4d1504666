import type { Catalogue } from '../catalogue.ts'

type Settings = NonNullable<Catalogue['settings']>

export const preChat: Settings['preChat'] = {
  enabled: 'طلب بيانات من الزوار قبل رسالتهم الأولى',
  title: 'نموذج قبل الرسالة الأولى',
  message: 'النص أعلى النموذج',
  fields: {
    name: 'الاسم',
    email: 'عنوان البريد الإلكتروني',
    phone_number: 'رقم الهاتف',
    text: 'نص',
    select: 'خيارات',
    checkbox: 'مربع اختيار',
  },
  labels: { name: 'الاسم', email: 'عنوان البريد الإلكتروني', phone_number: 'رقم الهاتف' },
  kind: (position) => `الحقل ${position}`,
  label: (position) => `تسمية الحقل ${position}`,
  values: (position) => `خيارات الحقل ${position}، واحد في كل سطر`,
  required: 'مطلوب',
  remove: (position) => `إزالة الحقل ${position}`,
  add: 'إضافة حقل',
}
