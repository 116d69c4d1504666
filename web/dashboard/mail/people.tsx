import { Fragment } from 'preact'
import { Icon } from '../icons.tsx'
import { Fact } from '../parts/attributes.tsx'
import type { Mail, MailPerson } from './mail.ts'
import { mailStrings as t } from './strings.ts'

interface Props {
  mail: Mail
  isIncoming: boolean
}

/** From whom a mail is and to whom: one line, and all addresses when somebody opens it. */
export function People({ mail, isIncoming }: Props) {
  const { from, to = [], cc = [], bcc = [], reply_to = [], subject, recipients_truncated = 0 } = mail
  const others = to.length + cc.length + bcc.length - 1 + recipients_truncated
  const first = [...to, ...cc, ...bcc][0]
  return (
    <details class="mail-people">
      <summary>
        {isIncoming && mail.sender_verified === false && (
          <span class="mail-unverified" title={t.unverifiedHint}>
            <Icon name="warning" /> {t.unverified}
          </span>
        )}
        <span class="mail-line">
          {isIncoming && mail.sender_verified && (
            <span class="mail-verified" title={t.verified}>
              <Icon name="check" />
              <span class="unseen">{t.verified}</span>{' '}
            </span>
          )}
          {isIncoming && from && <bdi>{from.address}</bdi>}
          {isIncoming && first && ' → '}
          {first && (
            <>
              {!isIncoming && `${t.to} `}
              <bdi>{first.address}</bdi>
            </>
          )}
          {others > 0 && ` ${t.more(others)}`}
        </span>
      </summary>
      <dl class="facts">
        {from && <Line name={t.from} people={[from]} />}
        <Line name={t.replyTo} people={reply_to} />
        <Line name={t.to} people={to} />
        <Line name={t.cc} people={cc} />
        <Line name={t.bcc} people={bcc} />
        {mail.recipients_truncated ? (
          <Fact name={t.others} value={t.more(mail.recipients_truncated)} />
        ) : null}
        {subject && <Fact name={t.subject} value={subject} />}
      </dl>
      {isIncoming && mail.sender_verified === false && <p class="quiet">{t.unverifiedHint}</p>}
    </details>
  )
}

function Line({ name, people }: { name: string; people: readonly MailPerson[] }) {
  if (people.length === 0) return null
  const value = people.map((person, index) => (
    <Fragment key={index}>
      {index > 0 && ', '}
      <bdi>{person.name ? `${person.name} <${person.address}>` : person.address}</bdi>
    </Fragment>
  ))
  return <Fact name={name} value={value} />
}
