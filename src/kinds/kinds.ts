// The kinds there are: one line each. Composition roots hand this value on; nothing else imports it, so that a test, or a
// program built on this one, adds kinds of its own.
import { alertsSection } from "../config/alerts-section.ts";
import { deadMansSwitchSection } from "../config/sections/dead-mans-switch.ts";
import { reportsSection } from "../config/sections/reports-section.ts";
import type { DeclaredSection } from "../config/sections/declared-section.ts";
import type { DestinationKind } from "./destinations/destination-kind.ts";
import { amqp } from "./destinations/amqp/kind.ts";
import { dynamics } from "./destinations/dynamics/kind.ts";
import { brevo } from "./destinations/brevo/kind.ts";
import { email } from "./destinations/email/kind.ts";
import { mailSection } from "./destinations/email/mail-account.ts";
import { external } from "./destinations/external/kind.ts";
import { espocrm } from "./destinations/espocrm/kind.ts";
import { googleSheets } from "./destinations/google-sheets/kind.ts";
import { http } from "./destinations/http/kind.ts";
import { hubspot as hubspotContacts } from "./destinations/hubspot/kind.ts";
import { leadBuyer } from "./destinations/lead-buyer/kind.ts";
import { mailchimp } from "./destinations/mailchimp/kind.ts";
import { nats } from "./destinations/nats/kind.ts";
import { odoo } from "./destinations/odoo/kind.ts";
import { pipedrive } from "./destinations/pipedrive/kind.ts";
import { postgres } from "./destinations/postgres/kind.ts";
import { salesforce } from "./destinations/salesforce/kind.ts";
import { salesforceWebToLead } from "./destinations/salesforce-web-to-lead/kind.ts";
import { slack } from "./destinations/slack/kind.ts";
import { teams } from "./destinations/teams/kind.ts";
import { zoho } from "./destinations/zoho/kind.ts";
import { calendly } from "./sources/calendly/calendly.ts";
import { elementor } from "./sources/elementor/elementor.ts";
import { googleAdsLeadForm } from "./sources/google-ads-lead-form/google-ads-lead-form.ts";
import { form } from "./sources/form/form.ts";
import { hmac } from "./sources/hmac/hmac.ts";
import { hubspot } from "./sources/hubspot/hubspot.ts";
import { jotform } from "./sources/jotform/jotform.ts";
import { linkedinLeadSync } from "./sources/linkedin-lead-sync/linkedin-lead-sync.ts";
import { metaLeadAds } from "./sources/meta-lead-ads/meta-lead-ads.ts";
import { none } from "./sources/none/none.ts";
import type { SourceKind } from "./sources/source-kind.ts";
import { standardWebhooks } from "./sources/standard-webhooks/standard-webhooks.ts";
import { tally } from "./sources/tally/tally.ts";
import { token } from "./sources/token/token.ts";
import { typeform } from "./sources/typeform/typeform.ts";
import { unbounce } from "./sources/unbounce/unbounce.ts";
import { webflow } from "./sources/webflow/webflow.ts";
import { wordpressForm } from "./sources/wordpress-form/wordpress-form.ts";

export interface Kinds {
  readonly sources: readonly SourceKind[];
  /** In the order in which people are offered them. */
  readonly destinations: readonly DestinationKind[];
  /** Of leadledger.yaml, beside sources and destinations; absent: none. */
  readonly sections?: readonly DeclaredSection[];
}

const destinations: readonly DestinationKind[] = [
  http,
  leadBuyer,
  hubspotContacts,
  pipedrive,
  salesforce,
  salesforceWebToLead,
  dynamics,
  zoho,
  odoo,
  espocrm,
  brevo,
  mailchimp,
  email,
  slack,
  teams,
  googleSheets,
  postgres,
  nats,
  amqp,
  external,
];

export const builtInKinds: Kinds = {
  sources: [
    hmac,
    token,
    none,
    form,
    wordpressForm,
    metaLeadAds,
    googleAdsLeadForm,
    linkedinLeadSync,
    typeform,
    hubspot,
    webflow,
    elementor,
    jotform,
    unbounce,
    calendly,
    tally,
    standardWebhooks,
  ],
  destinations,
  sections: [mailSection, deadMansSwitchSection, alertsSection({ destinations }), reportsSection],
};
