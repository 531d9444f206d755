// What is to say about a destination of kind `salesforce`.
import type { Field } from "../../../config/fields/field.ts";
import { choice, textWithPreset } from "../../../config/fields/plain-fields.ts";
import { url } from "../../../config/fields/secret-fields.ts";
import type { TargetMap } from "../../../domain/destinations/target-map.ts";
import { answerFields } from "../answer-fields.ts";
import type { DestinationOf } from "../destination-kind.ts";
import { languageField } from "../language-field.ts";
import { recordMapFields } from "../map-fields.ts";
import { oauthApp } from "../oauth2/app-fields.ts";
import { sendingFields } from "../shared-fields.ts";

/** Salesforce takes no Lead without LastName and Company; its own importers write the same where there is none. */
const notProvided = "[not provided]";

/** Country is left out: where State and Country picklists are on, it takes the org's own names alone. */
export const salesforceMap: TargetMap = {
  FirstName: "/lead/first_name",
  LastName: {
    first: ["/lead/last_name", "/lead/name", "/lead/company", "/lead/email", "/lead/phones/0"],
    default: notProvided,
  },
  Company: { pointer: "/lead/company", default: notProvided },
  Email: "/lead/email",
  Phone: "/lead/phones/0",
  MobilePhone: "/lead/phones/1",
  Street: "/lead/street",
  PostalCode: "/lead/postal_code",
  City: "/lead/town",
  Description: "/lead/message",
};

/** Salesforce's and Dataverse's: letters, digits and underscores. */
const fieldName = /^[A-Za-z]\w{0,79}$/;

const externalIdField: Field<string> = {
  ...textWithPreset("external_id_field", {
    preset: "LeadLedger_Run_Id__c",
    label: { en: "External ID field", de: "Feld für die externe ID" },
    help: {
      en: "The field of the Lead that holds LeadLedger's run id, by its API name (ends in `__c`). In Salesforce: Setup › Object Manager › Lead › Fields & Relationships › New › Text, length 36, with “Unique” and “External ID”.",
      de: "Das Feld des Leads, in dem die run_id von LeadLedger steht, mit seinem API-Namen (endet auf `__c`). In Salesforce: Setup › Objektmanager › Lead › Felder und Beziehungen › Neu › Text, Länge 36, mit „Eindeutig“ und „Externe ID“.",
    },
    example: "LeadLedger_Run_Id__c",
    option: { title: { en: "external ID", de: "externe ID" } },
  }),
  check(written, { note }) {
    if (typeof written === "string" && !fieldName.test(written))
      note("problems", ["external_id_field"], { code: "text_unfit", params: { expected: expectedName } });
  },
};

const expectedName = {
  en: "the API name of a field, such as LeadLedger_Run_Id__c",
  de: "der API-Name eines Feldes, etwa LeadLedger_Run_Id__c",
};

const apiVersion: Field<string> = {
  ...textWithPreset("api_version", {
    preset: "68.0",
    label: { en: "API version", de: "API-Version" },
    help: {
      en: "Of Salesforce's REST API; below 52.0 a Lead cannot be saved in spite of an alert.",
      de: "Der REST-API von Salesforce; unter 52.0 lässt sich ein Lead nicht trotz einer Warnung speichern.",
    },
    example: "68.0",
    advanced: true,
  }),
  check(written, { note }) {
    if (typeof written === "string" && !/^\d{1,3}\.\d$/.test(written))
      note("problems", ["api_version"], { code: "text_unfit", params: { expected: expectedVersion } });
  },
};

const expectedVersion = { en: "a version such as 68.0", de: "eine Version wie 68.0" };

export const salesforceFields = {
  baseUrl: url("base_url", {
    label: { en: "My Domain address", de: "Adresse der eigenen Domäne (My Domain)" },
    help: {
      en: "In Salesforce: Setup › My Domain, “Current My Domain URL”. It ends in my.salesforce.com; login.salesforce.com gives no tokens to an application.",
      de: "In Salesforce: Setup › Meine Domäne (My Domain), „Aktuelle Meine Domäne-URL“. Sie endet auf my.salesforce.com; login.salesforce.com gibt einer Anwendung keine Tokens.",
    },
    example: "https://acme.my.salesforce.com",
    option: { title: { en: "address", de: "Adresse" } },
  }),
  oauth: oauthApp(
    {
      clientId: {
        label: { en: "Consumer key", de: "Consumer Key (Verbraucherschlüssel)" },
        help: {
          en: "In Salesforce: Setup › External Client App Manager › your app › Settings › OAuth Settings › Consumer Key and Secret. There, too, “Enable Client Credentials Flow”; under Policies choose the user of “Run As”.",
          de: "In Salesforce: Setup › External Client App Manager › Ihre App › Settings › OAuth Settings › Consumer Key and Secret. Dort auch „Enable Client Credentials Flow“ einschalten und unter Policies den Benutzer bei „Run As“ wählen.",
        },
        example: "3MVG9…",
      },
      clientSecret: {
        label: { en: "Consumer secret", de: "Consumer Secret (Verbrauchergeheimnis)" },
        help: { en: "It stands beside the consumer key.", de: "Es steht neben dem Consumer Key." },
      },
    },
    {},
  ),
  externalIdField,
  knownPerson: choice("known_person", {
    label: { en: "If Salesforce knows the person", de: "Wenn Salesforce die Person schon kennt" },
    help: {
      en: "Where a duplicate rule of Salesforce's refuses a Lead, because it looks like a Lead or Contact that is there.",
      de: "Wenn eine Duplikatregel von Salesforce einen Lead ablehnt, weil er einem vorhandenen Lead oder Kontakt gleicht.",
    },
    option: { title: { en: "known person", de: "bekannte Person" } },
    preset: "add",
    options: [
      {
        value: "add",
        label: { en: "A task at the record that is there", de: "Eine Aufgabe am vorhandenen Datensatz" },
        help: {
          en: "The enquiry stands in it, so that it is not lost; the record itself stays as it is.",
          de: "In ihr steht die Anfrage, damit sie nicht verloren geht; der Datensatz selbst bleibt, wie er ist.",
        },
      },
      {
        value: "save",
        label: { en: "A new Lead in spite of alerts", de: "Ein neuer Lead trotz Warnungen" },
        help: {
          en: "Rules that only alert are overridden; where a rule blocks, the enquiry becomes a task.",
          de: "Regeln, die nur warnen, werden übergangen; wo eine Regel blockiert, wird die Anfrage eine Aufgabe.",
        },
      },
      {
        value: "count",
        label: { en: "Nothing but a mark on the lead", de: "Nur ein Vermerk am Lead" },
        help: {
          en: "Nothing of the enquiry is stored in Salesforce; it is counted and marked here.",
          de: "In Salesforce wird nichts von der Anfrage gespeichert; hier wird sie gezählt und gekennzeichnet.",
        },
      },
    ],
  }),
  language: languageField({
    en: "The language of everything in the task that the lead does not say itself.",
    de: "In dieser Sprache steht in der Aufgabe, was nicht vom Lead selbst kommt.",
  }),
  assignment: choice("assignment", {
    label: { en: "Assignment rules", de: "Zuordnungsregeln" },
    help: {
      en: "Who becomes the owner of a new Lead.",
      de: "Wer Inhaber eines neuen Leads wird.",
    },
    advanced: true,
    preset: "rules",
    options: [
      {
        value: "rules",
        label: { en: "Salesforce's active rule", de: "Die aktive Regel von Salesforce" },
        help: { en: "As for Leads from the web.", de: "Wie bei Leads aus dem Web." },
      },
      {
        value: "none",
        label: { en: "None", de: "Keine" },
        help: { en: "The user of “Run As” owns it.", de: "Inhaber ist der Benutzer bei „Run As“." },
      },
    ],
  }),
  apiVersion,
  ...recordMapFields(salesforceMap),
  ...answerFields,
  ...sendingFields,
} as const;

export type SalesforceDestination = DestinationOf<typeof salesforceFields>;
