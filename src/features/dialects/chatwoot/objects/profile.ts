import type { Profile } from '../../../users/schema.ts'

/** A user, as they see themselves. */
export function toProfile(
  { id, name, email, avatar_url, accounts, availability, ui_settings: { locale } }: Profile,
  { accessToken, pubsubToken }: { accessToken: string; pubsubToken: string },
) {
  return {
    access_token: accessToken,
    account_id: accounts[0]?.id ?? null,
    available_name: name,
    avatar_url: avatar_url ?? '',
    confirmed: true,
    display_name: null,
    message_signature: null,
    email,
    id,
    inviter_id: null,
    name,
    provider: 'email',
    pubsub_token: pubsubToken,
    role: accounts[0]?.role ?? 'agent',
    ui_settings: locale === null ? {} : { locale: locale.replace('-', '_') },
    uid: email,
    type: null,
    accounts: accounts.map((account) => ({
      id: account.id,
      name: account.name,
      status: 'active',
      active_at: null,
      role: account.role,
      permissions: [account.role],
      availability,
      availability_status: availability,
      auto_offline: false,
    })),
  }
}
