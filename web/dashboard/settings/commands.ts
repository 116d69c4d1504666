/**
 * Shell commands that write to an inbox as a customer does: they create a contact, a conversation and a message, with
 * curl.
 */
export function firstMessageCommand(inboxIdentifier: string): string {
  return `INBOX=${location.origin}/public/api/v1/inboxes/${inboxIdentifier}
JSON='Content-Type: application/json'
CONTACT=$(curl -s -H "$JSON" $INBOX/contacts -d '{ "name": "Ada" }' | sed 's/.*"source_id":"\\([^"]*\\)".*/\\1/')
NUMBER=$(curl -s -X POST $INBOX/contacts/$CONTACT/conversations | sed 's/^{"id":\\([0-9]*\\).*/\\1/')
curl -H "$JSON" $INBOX/contacts/$CONTACT/conversations/$NUMBER/messages -d '{ "content": "Hi, I need help." }'`
}

/** Shell commands that start a conversation with an access token, as a program does that delivers messages. */
export function beginConversationCommand(accountPath: string, inboxId: number, token: string): string {
  return `API=${location.origin}${accountPath}
TOKEN='api_access_token: ${token}'
JSON='Content-Type: application/json'
CONTACT=$(curl -s -H "$TOKEN" -H "$JSON" $API/contacts -d '{ "name": "Ada" }' | sed 's/^{"id":\\([0-9]*\\).*/\\1/')
curl -H "$TOKEN" -H "$JSON" $API/conversations -d '{ "inbox_id": ${inboxId}, "contact_id": '$CONTACT', "message": { "content": "Do you ship to Norway?", "message_type": "incoming" } }'`
}
