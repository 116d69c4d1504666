/**
 * Shell commands that write to an inbox as a customer does: a contact, its conversation, a message. They run as they
 * are, where there is curl.
 */
export function firstMessageCommand(inboxIdentifier: string): string {
  return `INBOX=${location.origin}/public/api/v1/inboxes/${inboxIdentifier}
JSON='Content-Type: application/json'
CONTACT=$(curl -s -H "$JSON" $INBOX/contacts -d '{ "name": "Ada" }' | sed 's/.*"source_id":"\\([^"]*\\)".*/\\1/')
NUMBER=$(curl -s -X POST $INBOX/contacts/$CONTACT/conversations | sed 's/^{"id":\\([0-9]*\\).*/\\1/')
curl -H "$JSON" $INBOX/contacts/$CONTACT/conversations/$NUMBER/messages -d '{ "content": "Hi, I need help." }'`
}
