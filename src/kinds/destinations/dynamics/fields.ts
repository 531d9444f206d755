// What is to say about a destination of kind `dynamics`.
import type { Field } from "../../../config/fields/field.ts";
import { choice, optionalText, text, textWithPreset } from "../../../config/fields/plain-fields.ts";
import { optionalUrl, url } from "../../../config/fields/secret-fields.ts";
import type { TargetMap } from "../../../domain/destinations/target-map.ts";
import { answerFields } from "../answer-fields.ts";
import type { DestinationOf } from "../destination-kind.ts";
import { languageField } from "../language-field.ts";
import { recordMapFields } from "../map-fields.ts";
import { oauthApp } from "../oauth2/app-fields.ts";
import { sendingFields } from "../shared-fields.ts";

export const dynamicsMap: TargetMap = {
  subject: { first: ["/lead/product", "/lead/form", "/lead/campaign", "/source"], default: "LeadLedger" },
  firstname: "/lead/first_name",
  lastname: {
    first: ["/lead/last_name", "/lead/name", "/lead/company", "/lead/email", "/lead/phones/0"],
    default: "[not provided]",
  },
  emailaddress1: "/lead/email",
  telephone1: "/lead/phones/0",
  mobilephone: "/lead/phones/1",
  companyname: "/lead/company",
  address1_line1: "/lead/street",
  address1_postalcode: "/lead/postal_code",
  address1_city: "/lead/town",
  address1_country: "/lead/country",
  description: "/lead/message",
};

const keyField: Field<string | undefined> = {
  ...optionalText("key_field", {
    label: { en: "Column of the alternate key", de: "Spalte des Alternativschlüssels" },
    help: {
      en: "The column of the table Lead that holds LeadLedger's run id, by its logical name. In Power Apps: Tables › Lead › Columns › New column (single line of text), then Keys › New key with this column alone. Empty: the run id becomes the Lead's own id.",
      de: "Die Spalte der Tabelle Lead, in der die run_id von LeadLedger steht, mit ihrem logischen Namen. In Power Apps: Tabellen › Lead › Spalten › Neue Spalte (einzelne Textzeile), dann Schlüssel › Neuer Schlüssel mit dieser Spalte allein. Leer: Die run_id wird zur Kennung des Leads selbst.",
    },
    example: "new_leadledgerid",
    option: { title: { en: "alternate key", de: "Alternativschlüssel" } },
  }),
  check(written, { note }) {
    if (typeof written === "string" && !/^[a-z]\w{0,99}$/.test(written))
      note("problems", ["key_field"], { code: "text_unfit", params: { expected: expectedColumn } });
  },
};

const expectedColumn = {
  en: "the logical name of a column, in lower case, such as new_leadledgerid",
  de: "der logische Name einer Spalte, in Kleinbuchstaben, etwa new_leadledgerid",
};

const apiVersion: Field<string> = {
  ...textWithPreset("api_version", {
    preset: "9.2",
    label: { en: "API version", de: "API-Version" },
    help: { en: "Of Dataverse's Web API.", de: "Der Web-API von Dataverse." },
    example: "9.2",
    advanced: true,
  }),
  check(written, { note }) {
    if (typeof written === "string" && !/^\d{1,2}\.\d$/.test(written))
      note("problems", ["api_version"], { code: "text_unfit", params: { expected: expectedVersion } });
  },
};

const expectedVersion = { en: "a version such as 9.2", de: "eine Version wie 9.2" };

const tenant: Field<string> = {
  ...text("tenant", {
    label: { en: "Directory (tenant) ID", de: "Verzeichnis-ID (Mandant)" },
    help: {
      en: "In the Entra admin center: App registrations › your app › Overview.",
      de: "Im Entra Admin Center: App-Registrierungen › Ihre App › Übersicht.",
    },
    example: "3f2b8c1e-1111-2222-3333-444455556666",
    option: { name: "tenant" },
  }),
  isClients: true,
  standIn: "to-be-filled-in",
};

export const dynamicsFields = {
  baseUrl: url("base_url", {
    label: { en: "Environment URL", de: "Umgebungs-URL" },
    help: {
      en: "In the Power Platform admin center: Environments › your environment, “Environment URL”. In Germany and the EU it mostly ends in crm4.dynamics.com.",
      de: "Im Power Platform Admin Center: Umgebungen › Ihre Umgebung, „Umgebungs-URL“. In Deutschland und der EU endet sie meist auf crm4.dynamics.com.",
    },
    example: "https://acme.crm4.dynamics.com",
    option: { title: { en: "address", de: "Adresse" } },
  }),
  oauth: oauthApp(
    {
      clientId: {
        label: { en: "Application (client) ID", de: "Anwendungs-ID (Client)" },
        help: {
          en: "In the Entra admin center: App registrations › New registration › Overview. In the Power Platform admin center the app then becomes an application user with a security role.",
          de: "Im Entra Admin Center: App-Registrierungen › Neue Registrierung › Übersicht. Im Power Platform Admin Center wird die App dann ein Anwendungsbenutzer mit einer Sicherheitsrolle.",
        },
        example: "0a1b2c3d-1111-2222-3333-444455556666",
      },
      clientSecret: {
        label: { en: "Client secret", de: "Geheimer Clientschlüssel" },
        help: {
          en: "Certificates & secrets › New client secret: the value, not the ID. It ends at a date: note when.",
          de: "Zertifikate & Geheimnisse › Neuer geheimer Clientschlüssel: der Wert, nicht die ID. Er läuft an einem Tag ab: Notieren Sie sich, wann.",
        },
      },
    },
    {
      tenant,
      tokenUrl: optionalUrl("token_url", {
        label: { en: "Address of the token server", de: "Adresse des Token-Servers (Token-URL)" },
        help: {
          en: "Only in other clouds of Microsoft's. Empty: login.microsoftonline.com with the directory above.",
          de: "Nur in anderen Clouds von Microsoft. Leer: login.microsoftonline.com mit dem Verzeichnis oben.",
        },
        example: "https://login.microsoftonline.us/TENANT/oauth2/v2.0/token",
        option: { name: "token-url" },
        advanced: true,
      }),
    },
  ),
  keyField,
  knownPerson: choice("known_person", {
    label: { en: "If Dynamics knows the person", de: "Wenn Dynamics die Person schon kennt" },
    help: {
      en: "Dataverse's duplicate detection is asked only if it is told to be; its rules are yours to publish.",
      de: "Die Duplikaterkennung von Dataverse wird nur auf Verlangen gefragt; ihre Regeln veröffentlichen Sie selbst.",
    },
    option: { title: { en: "known person", de: "bekannte Person" } },
    preset: "create",
    options: [
      {
        value: "create",
        label: { en: "A Lead of its own", de: "Ein eigener Lead" },
        help: {
          en: "Duplicate detection is not asked, as Dataverse does where nobody asks for it.",
          de: "Die Duplikaterkennung wird nicht gefragt, wie es Dataverse ohne Verlangen tut.",
        },
      },
      {
        value: "add",
        label: { en: "A note at the record that is there", de: "Eine Notiz am vorhandenen Datensatz" },
        help: {
          en: "Where a rule refuses the Lead, the enquiry becomes a note at the Lead or contact with the same e-mail address, else phone number.",
          de: "Lehnt eine Regel den Lead ab, wird die Anfrage eine Notiz am Lead oder Kontakt mit derselben E-Mail-Adresse, sonst Telefonnummer.",
        },
      },
      {
        value: "count",
        label: { en: "Nothing but a mark on the lead", de: "Nur ein Vermerk am Lead" },
        help: {
          en: "Where a rule refuses the Lead, nothing of the enquiry is stored in Dynamics; it is counted and marked here.",
          de: "Lehnt eine Regel den Lead ab, wird in Dynamics nichts von der Anfrage gespeichert; hier wird sie gezählt und gekennzeichnet.",
        },
      },
    ],
  }),
  language: languageField({
    en: "The language of everything in the note that the lead does not say itself.",
    de: "In dieser Sprache steht in der Notiz, was nicht vom Lead selbst kommt.",
  }),
  apiVersion,
  ...recordMapFields(dynamicsMap),
  ...answerFields,
  ...sendingFields,
} as const;

export type DynamicsDestination = DestinationOf<typeof dynamicsFields>;
