import { list, plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

type Dashboard = NonNullable<Catalogue['dashboard']>

const theLabels = (count: number) =>
  plural(count, { one: 'الوسم', two: 'الوسمين', few: 'الوسوم', many: 'الوسوم', other: 'الوسوم' })

export const activity: Dashboard['activity'] = {
  system: 'النظام',
  opened: (actor) => `أعاد ${actor} فتح المحادثة`,
  resolved: (actor) => `حلّ ${actor} المحادثة`,
  pending: (actor) => `جعل ${actor} المحادثة معلّقة`,
  snoozed: (actor, until) => `أجّل ${actor} المحادثة حتى ${until}`,
  snoozedForever: (actor) => `أجّل ${actor} المحادثة حتى يكتب العميل`,
  reopened: 'أعادت رسالة جديدة فتح المحادثة',
  unsnoozed: 'أُعيد فتح المحادثة عند انتهاء مدة تأجيلها',
  taken: (actor) => `أسند ${actor} المحادثة إلى نفسه`,
  given_up: (actor) => `ألغى ${actor} إسناد المحادثة إلى نفسه`,
  assigned: (actor, assignee) => `أسند ${actor} المحادثة إلى ${assignee}`,
  unassigned: (actor, assignee) => `ألغى ${actor} إسناد المحادثة إلى ${assignee}`,
  assigned_by_turns: (assignee) => `أُسندت المحادثة بالدور إلى ${assignee}`,
  team_assigned: (actor, team) => `أسند ${actor} المحادثة إلى فريق ${team}`,
  team_removed: (actor, team) => `أزال ${actor} المحادثة من فريق ${team}`,
  labels_added: (actor, labels) => `أضاف ${actor} ${theLabels(labels.length)} ${list(labels)}`,
  labels_removed: (actor, labels) => `أزال ${actor} ${theLabels(labels.length)} ${list(labels)}`,
  transcript_sent: (actor, email) => `أرسل ${actor} نص المحادثة إلى ${email}`,
  transcript_failed: (email, reason) => `تعذّر إرسال نص المحادثة إلى ${email}: ${reason}`,
  shared_with_webhook: (actor, webhook) => `أرسل ${actor} المحادثة إلى خطاف الويب ${webhook}`,
}
