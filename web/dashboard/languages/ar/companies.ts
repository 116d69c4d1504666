import { plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

/** The page of companies. */
export const companies: Catalogue['companies'] = {
  title: 'الشركات',
  company: 'الشركة',
  companyHint: 'الاسم غير الموجود في القائمة ينشئ شركة.',
  search: 'ابحث عن شركات',
  find: 'اكتب اسمًا',
  removeChoice: (name) => `إزالة ${name}`,
  sort: 'الترتيب حسب',
  sorts: {
    name: 'الاسم',
    '-name': 'الاسم، من الياء إلى الألف',
    '-contacts_count': 'الأكثر جهات اتصال',
    contacts_count: 'الأقل جهات اتصال',
  },
  contactCount: (count) =>
    plural(count, {
      one: 'جهة اتصال واحدة',
      two: 'جهتا اتصال',
      few: '# جهات اتصال',
      many: '# جهة اتصال',
      other: '# جهة اتصال',
    }),
  none: 'لا شركات بعد',
  notFound: 'لا شركة تطابق.',
  more: 'عرض المزيد',
  choose: 'اختر شركة لتراها هنا.',
  back: 'كل الشركات',
  create: 'شركة جديدة',
  createIt: 'إنشاء الشركة',
  open: 'فتح الشركة',
  details: 'التفاصيل',
  name: 'الاسم',
  domain: 'النطاق',
  domainHint: 'جهات الاتصال الجديدة التي لها عنوان بريد في هذا النطاق تنتمي إلى الشركة: example.com',
  description: 'الوصف',
  since: 'أُنشئت',
  contacts: 'جهات الاتصال',
  noContacts: 'لا جهات اتصال بعد',
  conversations: 'أحدث المحادثات',
  noConversations: 'لا محادثات يمكنك رؤيتها',
  remove: 'حذف الشركة',
  removeTitle: (name) => `حذف ${name}؟`,
  removeText: 'تبقى جهات اتصالها ولا تنتمي بعد ذلك إلى شركة. لا يمكن التراجع عن ذلك.',
}
