/* A shop and a morning of its support, to be looked at. */

export interface SampleMessage {
  /** `customer`, or the first name of who writes. */
  from: string
  text: string
  isNote?: boolean
  /** The picture of a parcel, and an invoice. */
  withFiles?: boolean
  /** What the customer can choose from. */
  choices?: string[]
}

export interface SampleConversation {
  customer: string
  /** Minutes before now at which the last message was written. */
  ago: number
  inbox: 'Shop' | 'Mail'
  labels?: string[]
  priority?: 'urgent' | 'high' | 'medium' | 'low'
  assignee?: string
  team?: string
  status?: 'resolved' | 'pending' | 'snoozed'
  isRead?: boolean
  messages: SampleMessage[]
}

export const agents = ['Amara Okafor', 'Lukas Brandt', 'Mei Tanaka']
export const teams = ['Orders', 'Billing']
export const labels = [
  { title: 'delivery', color: '#2563eb' },
  { title: 'refund', color: '#c2410c' },
  { title: 'invoice', color: '#7c3aed' },
  { title: 'returning', color: '#15803d' },
]

export const main: SampleConversation = {
  customer: 'Sofia Lindqvist',
  ago: 2,
  inbox: 'Shop',
  labels: ['delivery', 'returning'],
  priority: 'high',
  assignee: 'Amara Okafor',
  team: 'Orders',
  isRead: true,
  messages: [
    { from: 'customer', text: 'Hi! My parcel arrived today, but one of the two lamps is broken.' },
    { from: 'customer', text: 'This is what it looked like when I opened it.', withFiles: true },
    {
      from: 'Amara',
      text: 'Oh no, I am sorry about that. Thank you for the picture!\nWhat would you like us to do?',
    },
    { from: 'Amara', text: 'You can choose:', choices: ['Send another lamp', 'Give the money back'] },
    { from: 'Lukas', text: 'The third broken one from that batch. I have told the warehouse.', isNote: true },
    { from: 'customer', text: 'Another lamp would be lovely, if it can be here before Friday?' },
    {
      from: 'Amara',
      text: 'It leaves our house this afternoon and should be with you on Thursday. You can follow it here: https://parcels.example.com/t/8812-4417',
    },
    { from: 'customer', text: 'That was quick, thank you so much!' },
  ],
}

export const others: SampleConversation[] = [
  {
    customer: 'Tomás Herrera',
    ago: 6,
    inbox: 'Shop',
    priority: 'urgent',
    labels: ['refund'],
    messages: [
      { from: 'customer', text: 'I was charged twice for order 20931. Can somebody look at this today?' },
    ],
  },
  {
    customer: 'ليلى حداد',
    ago: 11,
    inbox: 'Shop',
    labels: ['delivery'],
    messages: [
      { from: 'customer', text: 'مرحبا، هل يمكن تغيير عنوان التوصيل؟' },
      { from: 'customer', text: 'رقم الطلب 20877' },
    ],
  },
  {
    customer: 'Greta Nowak',
    ago: 19,
    inbox: 'Mail',
    assignee: 'Amara Okafor',
    isRead: true,
    labels: ['invoice'],
    messages: [
      { from: 'customer', text: 'Could you send the invoice with our VAT number on it?' },
      { from: 'Amara', text: 'Of course, it is on its way to your mailbox.' },
    ],
  },
  {
    customer: 'Hiroshi Sato',
    ago: 34,
    inbox: 'Shop',
    assignee: 'Mei Tanaka',
    team: 'Orders',
    isRead: true,
    messages: [
      { from: 'customer', text: 'Do you ship the floor lamp to Japan?' },
      { from: 'Mei', text: 'Yes, within eight days. The plug comes with an adapter.' },
    ],
  },
  {
    customer: 'Priya Raman',
    ago: 48,
    inbox: 'Mail',
    messages: [
      { from: 'customer', text: 'Is the blue shade sold on its own? Ours has faded after two summers.' },
    ],
  },
  {
    customer: 'Noah Williams',
    ago: 95,
    inbox: 'Shop',
    priority: 'medium' as const,
    labels: ['returning'],
    assignee: 'Lukas Brandt',
    isRead: true,
    messages: [
      { from: 'customer', text: 'Your dimmer hums when it is at half.' },
      { from: 'Lukas', text: 'Which bulb is in it? Some do that with older ones.' },
    ],
  },
  {
    customer: 'Chloé Martin',
    ago: 160,
    inbox: 'Shop',
    labels: ['refund', 'returning'],
    assignee: 'Amara Okafor',
    team: 'Billing',
    isRead: true,
    messages: [{ from: 'customer', text: 'The return label prints on two pages, is that right?' }],
  },
  {
    customer: 'Emeka Adeyemi',
    ago: 1300,
    inbox: 'Mail',
    isRead: true,
    messages: [
      { from: 'customer', text: 'We would like 40 desk lamps for our office. Who do I talk to?' },
      {
        from: 'Lukas',
        text: '[@Amara Okafor](mention://user/1/Amara%20Okafor), do we have a price for that many?',
        isNote: true,
      },
    ],
  },
  {
    customer: 'Ingrid Solberg',
    ago: 1700,
    inbox: 'Shop',
    isRead: true,
    assignee: 'Mei Tanaka',
    messages: [
      { from: 'customer', text: 'All good now, thanks!' },
      { from: 'Mei', text: 'Glad to hear that. Have a good week!' },
    ],
  },
]

export const macro = {
  name: 'Send another lamp',
  actions: [
    {
      action_name: 'send_message',
      action_params: [
        'Dear {{contact.first_name}}, another lamp **leaves today**. You can keep the broken one.',
      ],
    },
    { action_name: 'add_label', action_params: ['delivery'] },
    { action_name: 'assign_team', action_params: [1] },
    { action_name: 'change_status', action_params: ['resolved'] },
  ],
}

export const views = [
  {
    name: 'Urgent',
    filter: [{ attribute_key: 'priority', filter_operator: 'equal_to', values: ['urgent', 'high'] }],
  },
  {
    name: 'Refunds',
    filter: [{ attribute_key: 'labels', filter_operator: 'equal_to', values: ['refund'] }],
  },
]

/** Where the customer of the main conversation is. */
export const visit = {
  page_url: 'https://shop.example.com/lamps/halo',
  page_title: 'Halo, a lamp for reading',
  referrer_url: 'https://search.example.com/',
}
