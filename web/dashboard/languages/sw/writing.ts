import { plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

const files = (count: number) => plural(count, { other: 'Faili #' })

export const format: Catalogue['format'] = {
  label: 'Umbizo',
  names: {
    bold: 'Herufi nzito',
    italic: 'Mlalo',
    code: 'Msimbo',
    link: 'Kiungo',
    list: 'Orodha ya vitone',
    numbers: 'Orodha ya nambari',
    quote: 'Nukuu',
  },
  emoji: 'Emoji',
}

export const writing: Catalogue['writing'] = {
  otherDraft: 'Umeandika maandishi mengine hapa katika kivinjari kingine:',
  useOther: 'Tumia maandishi hayo',
  keepMine: 'Baki na haya',
  repliedMeanwhile: (name) => `${name} amejibu tangu ulipoanza kuandika:`,
  sendsAgain: 'Tuma tena ikiwa mteja anahitaji pia jibu lako.',
  sign: 'Ongeza sahihi yangu',
  answers: (name) => `Jibu kwa ${name}`,
  answersNothing: 'Usijibu ujumbe wowote maalum',
  later: 'Tuma baadaye',
  laterTimes: { hour: 'Baada ya saa moja', tomorrow: 'Kesho asubuhi', week: 'Jumatatu asubuhi' },
  laterTime: 'Wakati mwingine',
  schedule: 'Panga',
  cancelledByReply: 'Ghairi ikiwa mteja atajibu kabla',
}

export const cannedComposer: Catalogue['cannedComposer'] = {
  button: 'Ingiza jibu tayari',
  tooManyFiles: (most, extra) => `Ujumbe unaweza kuwa na faili ${most}. Ondoa ${extra} ili uutume.`,
}

export const cannedPopover: Catalogue['cannedPopover'] = {
  title: 'Majibu tayari',
  loading: 'Inatafuta…',
  none: 'Hakuna majibu tayari bado.',
  make: 'Unda moja',
  noneFound: (query) => `Hakuna jibu tayari lenye “${query}”. Esc hufunga orodha hii.`,
  count: (count) => plural(count, { one: 'Jibu tayari #', other: 'Majibu tayari #' }),
  more: 'Andika herufi zaidi ili kupata mengine.',
  files,
  mine: 'wewe tu',
}

export const macros: Catalogue['macros'] = {
  title: 'Tekeleza makro',
  choose: 'Chagua makro',
  none: 'Hakuna makro bado.',
  create: 'Unda moja',
  preview: (name) => `Utekeleze “${name}”?`,
  run: 'Tekeleza',
  whatItDoes: 'Itakachofanya',
  others: 'Makro nyingine',
  nothing: 'Haibadilishi chochote katika mazungumzo haya.',
  sends: 'Inatuma',
  notes: 'Inaongeza dokezo',
  changes: 'Inabadilisha',
  fields: {
    status: 'Hali',
    snoozed_until: 'Yameahirishwa hadi',
    priority: 'Kipaumbele',
    assignee_id: 'Mhusika',
    team_id: 'Timu',
    labels: 'Lebo',
    custom_attributes: 'Sifa',
    blocked: 'Mwasiliani amezuiwa',
  },
  becomes: 'inakuwa',
}

export const actions: Catalogue['actions'] = {
  send_message: 'Tuma jibu',
  add_private_note: 'Ongeza dokezo la faragha',
  add_label: 'Ongeza lebo',
  remove_label: 'Ondoa lebo',
  assign_agent: 'Mkabidhi wakala',
  assign_team: 'Ikabidhi timu',
  change_status: 'Weka hali',
  snooze_conversation: 'Ahirisha',
  change_priority: 'Weka kipaumbele',
  set_attribute: 'Weka sifa',
  mute_conversation: 'Mzuie mwasiliani',
  send_email_transcript: 'Tuma mazungumzo kwa barua pepe',
  send_webhook_event: 'Tuma kwa webhook',
}

export const prepared: Catalogue['prepared'] = {
  label: 'Inasubiri kutumwa',
  scheduled: (when) => `Itatumwa ${when}`,
  unlessReply: 'isipokuwa mteja ajibu',
  cancelled: 'Haikutumwa: mteja amejibu',
  failed: (why) => `Haikutumwa: ${why}`,
  by: (name) => `na ${name}`,
  note: 'Dokezo la faragha',
  cc: 'Nakala',
  bcc: 'Nakala fiche',
  cancel: 'Ghairi',
  cancelTitle: 'Usitume ujumbe huu?',
  cancelText: 'Utafutwa. Hili haliwezi kutenduliwa.',
  cancelAction: 'Futa',
  proposal: 'Jibu lililopendekezwa',
  of: { user: 'na mwenzako', bot: 'na roboti', system: 'na seva', contact: '', rule: 'na kanuni' },
  sources: 'Kwa msingi wa',
  actions: 'Pia',
  files,
  send: 'Tuma',
  edit: 'Hariri',
  refuse: 'Kataa',
  editLabel: 'Maandishi ya jibu lililopendekezwa',
  reason: 'Kwa nini sivyo? Aliyelipendekeza ataona sababu.',
  noReason: 'Hakuna sababu iliyotolewa',
  stale: 'Mteja ameandika tangu lilipopendekezwa. Linakili kwenye jibu lako ikiwa bado linafaa.',
  expired: 'Muda wake umekwisha. Linakili kwenye jibu lako ikiwa bado linafaa.',
  decided: 'Mwenzako alikutangulia: pendekezo hili tayari limeamuliwa.',
  copy: 'Nakili kwenye jibu langu',
}
