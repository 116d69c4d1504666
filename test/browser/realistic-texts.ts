/* The names and texts of realistic-account.ts. */

export const agents = [
  'Amara Okafor',
  'Lukas Brandt',
  'Mei Tanaka',
  'Alexandra Papadopoulou-Richardson',
  'Kim Lee',
  'Jean-Baptiste de la Rochefoucauld-Montbel',
  'Robin Vale',
]

export const teams = [
  { name: 'Orders', description: 'Where is my parcel, and when does it come?' },
  { name: 'Billing' },
  {
    name: 'Returns and exchanges for Europe, Africa and the Middle East',
    description: 'Everything that comes back.',
  },
  { name: 'Night shift', allow_auto_assign: false },
]

export const inboxes = [
  { name: 'Shop', channel: { type: 'api' } },
  { name: 'Website', channel: { type: 'web_widget', website_url: 'https://shop.example.com' } },
  { name: 'WhatsApp', channel: { type: 'api' } },
  {
    name: 'E-mail bridge (support@very-long-domain.example.com)',
    channel: {
      type: 'api',
      webhook_url: 'https://bridge.very-long-domain.example.com/hooks/ndoto/outgoing?region=eu-west-1',
    },
  },
]

export const labels = [
  { title: 'bug', color: '#d92d20' },
  { title: 'billing', color: '#7c3aed' },
  {
    title: 'feature-request',
    color: '#2563eb',
    description: 'Somebody asked for something that we do not have.',
  },
  { title: 'white', color: '#ffffff' },
  { title: 'black', color: '#000000' },
  { title: 'returns-and-exchanges-eu', color: '#15803d' },
  { title: 'vip', color: '#b45309' },
  { title: 'hot', color: '#ff0000' },
  { title: 'waiting-for-the-warehouse-to-answer-since-monday', color: '#0e7490' },
  { title: 'spam', color: '#6b7280', show_on_sidebar: false },
  { title: 'late-delivery', color: '#fde047' },
  { title: 'x', color: '#1f93ff' },
]

/** The first has the longest name; the fourth is a namesake of the third. */
export const contacts = [
  'Maximiliana Featherstonehaugh-Cholmondeley von und zu Hohenlohe-Waldenburg',
  'Sofia Lindqvist',
  'Maria Garcia',
  'Tomás Herrera',
  'ليلى حداد',
  'Hiroshi Sato',
  '田中 美咲',
  'Нина Соколова',
  'Priya Raman',
  'Noah Williams',
  'Chloé Martin',
  'Emeka Adeyemi',
  'Ingrid Solberg',
  'דנה לוי',
  'Bartholomew Quigley III',
  'O’Brien & Sons GmbH & Co. KG',
  '🌻 Sunny 🌻',
  'Greta Nowak',
  'x',
  'support-requests-from-the-old-system@legacy.example.com',
]

export const attributes: object[] = [
  { plan: 'Plus', orders: 14, newsletter: true },
  {
    address: {
      street: 'Rue de la Très-Longue-Promenade 118 bis',
      city: 'Saint-Rémy-lès-Chevreuse',
      zip: '78470',
      country: 'FR',
    },
    tags: ['wholesale', 'net-30'],
    vip: false,
    profile: 'https://crm.example.com/customers/1042/overview?tab=history&from=2024-01-01',
  },
  {
    cart: [
      { product: 'Lamp', quantity: 2 },
      { product: 'Shade, blue', quantity: 1 },
    ],
    discount: null,
  },
]

export const questions = [
  'Hi! Is anybody there?',
  'My parcel arrived today, but one of the two lamps is broken. I have kept the box, the paper and both halves of the shade, in case you want to see them.',
  'Thanks!',
  'I was charged twice for order 20931. Can somebody look at this today?',
  'ok',
  'مرحبا، هل يمكن تغيير عنوان التوصيل إلى شارع الملك فيصل رقم 12؟',
  '注文番号は20877です。いつ届きますか？',
  'The link in your mail does not work: https://shop.example.com/track/8812-4417?utm_source=mail&utm_campaign=shipping-confirmation-november&token=9f8e7d6c5b4a39281706',
  '👍🏽',
  'Could you send the invoice with our VAT number on it? It is DE 811 907 980, and the address has to be that of our head office, not the one of the warehouse in which the lamps arrived.',
  'When?',
  'That was quick, thank you so much! 🎉🎉🎉',
]

export const answers = [
  'Of course, it is on its way to your mailbox.',
  'Oh no, I am sorry about that. Thank you for the picture!\nWhat would you like us to do?',
  'It leaves our house this afternoon and should be with you on Thursday. You can follow it here: https://parcels.example.com/t/8812-4417',
  'Yes.',
  'I have asked the warehouse. They pack until six, so I will know more tonight and write to you before you get up.',
  'Glad to hear that. Have a good week!',
]

export const notes = [
  'The third broken one from that batch.',
  'Refund approved by Amara, up to 80 €. Do not offer more than that.',
]

interface Special {
  message_type: 'incoming' | 'outgoing' | 'activity'
  content?: string
  private?: boolean
  status?: 'sent' | 'delivered' | 'read' | 'failed'
  content_type?: string
  content_attributes?: object
  attachments?: { file: string; file_name?: string; media_type?: string }[]
}

const choices = [
  { title: 'Send another lamp', value: 'send' },
  { title: 'Give the money back', value: 'money' },
]

/** The first messages of the showcase: one of each kind. */
export const special: Special[] = [
  { message_type: 'incoming', content: 'Hello there' },
  {
    message_type: 'activity',
    content:
      'Alexandra Papadopoulou-Richardson added returns-and-exchanges-eu, waiting-for-the-warehouse-to-answer-since-monday',
  },
  {
    message_type: 'incoming',
    content: 'My parcel',
    attachments: [{ file: 'parcel.jpg', file_name: 'parcel on the doorstep, photographed from above.jpg' }],
  },
  {
    message_type: 'incoming',
    attachments: [{ file: 'tall.png' }, { file: 'voice.wav', media_type: 'audio/wav' }],
  },
  {
    message_type: 'incoming',
    attachments: [
      { file: 'note.txt' },
      {
        file: 'invoice.pdf',
        file_name: 'a-rather-long-name-of-an-invoice-for-two-lamps-and-a-blue-shade-of-november.pdf',
      },
    ],
  },
  {
    message_type: 'outgoing',
    content: 'A note with a link: https://crm.example.com/customers/1042',
    private: true,
  },
  {
    message_type: 'outgoing',
    content: 'What would you like us to do?',
    content_type: 'input_select',
    content_attributes: { items: choices, submitted_values: [{ title: 'Send another lamp', value: 'send' }] },
  },
  {
    message_type: 'outgoing',
    content: 'Where can we write to?',
    content_type: 'input_email',
    content_attributes: {},
  },
  {
    message_type: 'outgoing',
    content: 'Some lamps',
    content_type: 'cards',
    content_attributes: {
      items: [
        {
          title: 'Floor lamp',
          description: 'Oak, 150 cm, with a dimmer that does not hum',
          actions: [{ type: 'link', text: 'See it', uri: 'https://shop.example.com/floor' }],
        },
      ],
    },
  },
  {
    message_type: 'outgoing',
    content: 'Please tell us more',
    content_type: 'form',
    content_attributes: {
      items: [
        { name: 'order', label: 'Number of the order', type: 'text' },
        { name: 'why', label: 'What is wrong with it?', type: 'text_area' },
      ],
    },
  },
  {
    message_type: 'outgoing',
    content: 'Read this',
    content_type: 'article',
    content_attributes: {
      items: [
        {
          title: 'How to send something back',
          description: 'Print the label, close the box, and bring it to a shop near you.',
          link: 'https://help.example.com/returns',
        },
      ],
    },
  },
  {
    message_type: 'outgoing',
    content: 'This did not arrive.',
    status: 'failed',
    content_attributes: { external_error: 'The mailbox support-requests@legacy.example.com is full.' },
  },
  {
    message_type: 'incoming',
    content:
      '```\nconst total = items.reduce((sum, { price, quantity }) => sum + price * quantity, 0) // a line of code that is longer than most windows are wide\n```',
  },
  {
    message_type: 'incoming',
    content: `An_identifier_without_any_space_${'that_goes_on_and_on_'.repeat(12)}end`,
  },
  {
    message_type: 'incoming',
    content: `# What happened
1. I opened **the box**:
   - one lamp was _fine_
   - the other one was ~~fine~~ broken, see [the picture](https://pictures.very-long-domain.example.com/albums/lamps/${'november/'.repeat(20)}1.jpg)
2. \`npm install a-package-with-a-name-that-is-longer-than-most-windows-are-wide --save-exact --ignore-scripts --no-audit\`

> You wrote that
> > it would arrive today.

https://pictures.very-long-domain.example.com/${'albums/'.repeat(30)}`,
  },
  {
    message_type: 'outgoing',
    content: 'I am **sorry** about that!',
    content_attributes: { in_reply_to: 1 },
  },
  { message_type: 'incoming', content: 'שלום, אפשר לשנות את הכתובת? Thanks 🙏' },
  { message_type: 'incoming', content: '👩‍👩‍👧‍👦🏳️‍🌈🧑🏿‍🚀'.repeat(20) },
  {
    message_type: 'incoming',
    content: `${'A long message is read by nobody, but somebody writes it all the same. '.repeat(60)}`,
  },
]

export const pageTitle =
  'Hiking boots for women and men, waterproof, with free returns within 100 days – The Shop With A Long Name'
export const userAgent =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15'
