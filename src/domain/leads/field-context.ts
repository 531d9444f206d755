// What the name around a field says of it: `first` within `name` is a first name, `name` within `campaign` is nobody's.
import { canonicalName, recognisedField } from "./field-names.ts";
import type { LeadField, RecognisedField } from "./field-names.ts";

/** null: the name around it changes nothing. */
export type FieldContext = keyof typeof membersOf | "staff" | "thing" | "meta" | null;

/** `found`: what the name says by itself. null: as what is around it. */
export function contextNamed(name: string, found: RecognisedField | null): FieldContext {
  // What Fluent Forms says of a request: `__submission`.
  if (name.startsWith("__")) return "meta";
  const canonical = canonicalName(name);
  const byName = contexts.get(canonical);
  if (byName !== undefined) return byName;
  switch (found?.field) {
    case "name":
      return found.isWeak ? null : "name";
    case "phone":
    case "address":
    case "company":
    case "form":
    case "campaign":
    case "page":
    case "product":
    case "consent":
    case "staff":
      return found.field;
    case "street":
      return "address";
    default:
      return null;
  }
}

export function inContext(context: Exclude<FieldContext, null>, name: string): RecognisedField | null {
  if (context === "staff") return null;
  const found = recognisedField(name);
  const canonical = canonicalName(name);
  if (context === "thing") return ofThings.has(canonical) ? null : found;
  if (context === "meta") return found !== null && aroundFields.has(found.field) ? found : null;
  const field = membersOf[context][canonical];
  if (context === "utm") return field === undefined ? found : { field: "utm", key: canonical, isWeak: false };
  if (context === "consent" && field === undefined)
    return found !== null && ofConsent.has(found.field) ? found : null;
  if (context === "form" && field === undefined)
    return found !== null && aroundFields.has(found.field) ? found : null;
  if (field !== undefined) return field === "" ? null : { field, key: "", isWeak: false };
  return keepsOthers.has(context) ? found : null;
}

/** What a request says of itself, not of a person. */
const aroundFields = new Set<LeadField>(["page", "form", "campaign", "language", "utm", "click_id"]);

const ofConsent = new Set<LeadField>(["consent", "consent_text", "consent_at"]);

/** What a thing has without being what the lead is about. */
const ofThings = new Set(["name", "title", "label", "description", "url", "id", "type"]);

/** Whether what lies further within is still of it. */
export function isInherited(context: FieldContext): boolean {
  return context !== null && context !== "thing" && context !== "form" && context !== "campaign";
}

/** `""`: says nothing there. */
const membersOf = {
  name: {
    first: "first_name",
    firstname: "first_name",
    last: "last_name",
    lastname: "last_name",
    prefix: "salutation",
    full: "name",
    value: "name",
    middle: "",
    suffix: "",
  },
  phone: { full: "phone", number: "phone", phone: "phone", value: "phone", mobile: "phone", e164: "phone" },
  address: {
    full: "address",
    formatted: "address",
    line1: "street",
    addrline1: "street",
    addressline1: "street",
    street: "street",
    strasse: "street",
    number: "house_number",
    nr: "house_number",
    hausnummer: "house_number",
    line2: "street_addition",
    postal: "postal_code",
    code: "postal_code",
    state: "",
    region: "",
    name: "",
  },
  company: { name: "company", title: "company", firma: "company", id: "" },
  form: { name: "form", title: "form", id: "" },
  campaign: { name: "campaign", title: "campaign", id: "" },
  page: { url: "page", href: "page", link: "page", path: "", name: "", title: "", id: "" },
  product: {
    name: "product",
    title: "product",
    titel: "product",
    label: "product",
    bezeichnung: "product",
    productname: "product",
    produktname: "product",
    model: "product",
    modell: "product",
    id: "",
  },
  consent: {
    given: "consent",
    isgranted: "consent",
    isaccepted: "consent",
    granted: "consent",
    accepted: "consent",
    agreed: "consent",
    consented: "consent",
    value: "consent",
    checked: "consent",
    status: "consent",
    text: "consent_text",
    message: "consent_text",
    wording: "consent_text",
    at: "consent_at",
    date: "consent_at",
    time: "consent_at",
    timestamp: "consent_at",
    grantedat: "consent_at",
    givenat: "consent_at",
    acceptedat: "consent_at",
    agreedat: "consent_at",
    confirmedat: "consent_at",
    datum: "consent_at",
    zeitpunkt: "consent_at",
  },
  utm: { source: "utm", medium: "utm", campaign: "utm", term: "utm", content: "utm", id: "utm" },
} as const satisfies Readonly<Record<string, Readonly<Record<string, LeadField | "">>>> as Readonly<
  Record<
    "name" | "phone" | "address" | "company" | "form" | "campaign" | "page" | "product" | "consent" | "utm",
    Readonly<Record<string, LeadField | "" | undefined>>
  >
>;

/** Beside what they name themselves, fields in them say what they say elsewhere. */
const keepsOthers = new Set<FieldContext>(["name", "address", "company", "utm"]);

function named(names: string, context: FieldContext): [string, FieldContext][] {
  return names.split(" ").map((name) => [name, context]);
}

/** As `canonicalName` writes them. */
const contexts = new Map<string, FieldContext>([
  ...named("utm utmparams utmparameters utmdata utmtags tracking attribution", "utm"),
  ...named("location ort wohnort standort", "address"),
  // HubSpot
  ...named("associatedcompany", "company"),
  ...named("formsubmissions", "form"),
  ...named(
    "ad adset adgroup anzeige site website source quelle event scheduledevent file datei deal pipeline plan account workspace team app integration webhook list",
    "thing",
  ),
  ...named("meta metadata device geo server browser", "meta"),
  ...named("kontakt contact kunde customer person lead interessent ansprechpartner user invitee", null),
]);
