import type { Inbox, PreChatForm } from '../../../inboxes/schema.ts'
import { basePath } from '../base-path.ts'
import { slimInbox } from './inbox.ts'

/** An inbox with its settings. What it cannot do here is switched off. */
export function toInbox(inbox: Inbox, publicUrl: string) {
  const { greeting_message, hmac_mandatory, inbox_identifier, webhook_url, widget, website_url } = inbox
  return {
    ...slimInbox(inbox),
    greeting_enabled: greeting_message !== null,
    greeting_message,
    working_hours_enabled: false,
    working_hours: [],
    out_of_office_message: null,
    timezone: 'UTC',
    enable_email_collect: widget?.ask_email ?? false,
    csat_survey_enabled: false,
    enable_auto_assignment: false,
    auto_assignment_config: {},
    allow_messages_after_resolved: true,
    lock_to_single_conversation: false,
    sender_name_type: 'friendly',
    business_name: null,
    callback_webhook_url: null,
    hmac_mandatory,
    inbox_identifier,
    ...(inbox.hmac_token === null ? {} : { hmac_token: inbox.hmac_token }),
    ...(widget === null
      ? { webhook_url, additional_attributes: {} }
      : {
          website_url,
          website_token: inbox_identifier,
          widget_color: widget.color,
          welcome_title: widget.title ?? '',
          welcome_tagline: greeting_message ?? '',
          web_widget_script: scriptOf(`${publicUrl}${basePath}`, inbox_identifier),
          reply_time: 'in_a_few_minutes',
          selected_feature_flags: ['attachments', 'emoji_picker'],
          pre_chat_form_enabled: widget.pre_chat_form_enabled,
          pre_chat_form_options: preChatOptions(widget.pre_chat_form_options),
        }),
  }
}

const chatwootNames: Record<string, string> = {
  name: 'fullName',
  email: 'emailAddress',
  phone_number: 'phoneNumber',
}

function preChatOptions({ pre_chat_message, pre_chat_fields }: PreChatForm) {
  return {
    pre_chat_message: pre_chat_message ?? '',
    pre_chat_fields: pre_chat_fields.map(({ name, ...field }) => ({
      ...field,
      name: chatwootNames[name] ?? name,
      field_type: name in chatwootNames ? 'standard' : 'contact_attribute',
      enabled: true,
    })),
  }
}

/** The HTML that adds the widget to a page, as programs for Chatwoot expect it. */
function scriptOf(baseUrl: string, token: string): string {
  return `<script>
  (function(d,t) {
    var BASE_URL=${JSON.stringify(baseUrl)};
    var g=d.createElement(t),s=d.getElementsByTagName(t)[0];
    g.src=BASE_URL+"/packs/js/sdk.js";
    g.async = true;
    s.parentNode.insertBefore(g,s);
    g.onload=function(){
      window.chatwootSDK.run({
        websiteToken: ${JSON.stringify(token)},
        baseUrl: BASE_URL
      })
    }
  })(document,"script");
</script>`
}
