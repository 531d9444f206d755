// What is to say about a destination of kind `zoho`.
import type { Field } from "../../../config/fields/field.ts";
import { choice, textWithPreset } from "../../../config/fields/plain-fields.ts";
import { optionalUrl, secretText } from "../../../config/fields/secret-fields.ts";
import type { TargetMap } from "../../../domain/destinations/target-map.ts";
import { answerFields } from "../answer-fields.ts";
import type { DestinationOf } from "../destination-kind.ts";
import { languageField } from "../language-field.ts";
import { recordMapFields } from "../map-fields.ts";
import { oauthApp } from "../oauth2/app-fields.ts";
import { sendingFields } from "../shared-fields.ts";
import { dataCenters } from "./data-centers.ts";
import type { DataCenterName } from "./data-centers.ts";

export const zohoMap: TargetMap = {
  First_Name: "/lead/first_name",
  Last_Name: {
    first: ["/lead/last_name", "/lead/name", "/lead/company", "/lead/email", "/lead/phones/0"],
    default: "[not provided]",
  },
  Company: "/lead/company",
  Email: "/lead/email",
  Phone: "/lead/phones/0",
  Mobile: "/lead/phones/1",
  Street: "/lead/street",
  Zip_Code: "/lead/postal_code",
  City: "/lead/town",
  Country: "/lead/country",
  Description: "/lead/message",
};

const dataCenter = choice<DataCenterName>("data_center", {
  label: { en: "Data center", de: "Rechenzentrum" },
  help: {
    en: "The ending of the address at which you sign in to Zoho. Accounts and applications of one are unknown to the others.",
    de: "Die Endung der Adresse, unter der Sie sich bei Zoho anmelden. Konten und Anwendungen des einen kennt das andere nicht.",
  },
  option: { title: { en: "data center", de: "Rechenzentrum" } },
  preset: "eu",
  options: Object.entries(dataCenters).map(([value, { label, api }]) => ({
    value: value as DataCenterName,
    label,
    help: {
      en: `Its API is at ${new URL(api).hostname}.`,
      de: `Die API ist unter ${new URL(api).hostname}.`,
    },
  })),
});

const apiVersion: Field<string> = {
  ...textWithPreset("api_version", {
    preset: "v8",
    label: { en: "API version", de: "API-Version" },
    help: { en: "Of Zoho CRM's REST API.", de: "Der REST-API von Zoho CRM." },
    example: "v8",
    advanced: true,
  }),
  check(written, { note }) {
    if (typeof written === "string" && !/^v\d{1,2}(?:\.\d)?$/.test(written))
      note("problems", ["api_version"], { code: "text_unfit", params: { expected: expectedVersion } });
  },
};

const expectedVersion = { en: "a version such as v8", de: "eine Version wie v8" };

export const zohoFields = {
  dataCenter: { ...dataCenter, isAddress: true },
  oauth: oauthApp(
    {
      clientId: {
        label: { en: "Client ID", de: "Client-ID" },
        help: {
          en: "At api-console.zoho.eu (or the ending of your data center): Add Client › Self Client › Client Secret.",
          de: "Unter api-console.zoho.eu (oder mit der Endung Ihres Rechenzentrums): Add Client › Self Client › Client Secret.",
        },
        example: "1000.ABCDEF…",
      },
      clientSecret: {
        label: { en: "Client secret", de: "Client-Secret" },
        help: { en: "It stands beside the client ID.", de: "Es steht neben der Client-ID." },
      },
    },
    {
      refreshToken: {
        ...secretText("refresh_token", {
          label: { en: "Refresh token", de: "Refresh-Token" },
          help: {
            en: "Self Client › Generate Code makes a code that holds for minutes; exchanged once at /oauth/v2/token it gives the refresh token. How, and with which scopes, stands in the documentation.",
            de: "Self Client › Generate Code erzeugt einen Code, der wenige Minuten gilt; einmal unter /oauth/v2/token eingetauscht, ergibt er das Refresh-Token. Wie das geht und mit welchen Scopes, steht in der Dokumentation.",
          },
          option: { name: "refresh-token" },
        }),
        standIn: "to-be-filled-in",
      },
      tokenUrl: optionalUrl("token_url", {
        label: { en: "Address of the token server", de: "Adresse des Token-Servers (Token-URL)" },
        help: {
          en: "Only where it is none of the data centers above.",
          de: "Nur wenn es keines der Rechenzentren oben ist.",
        },
        example: "https://accounts.zoho.com.cn/oauth/v2/token",
        option: { name: "token-url" },
        advanced: true,
      }),
    },
  ),
  baseUrl: optionalUrl("base_url", {
    label: { en: "Address of the API", de: "Adresse der API" },
    help: {
      en: "Only where it is none of the data centers above, or a sandbox.",
      de: "Nur wenn es keines der Rechenzentren oben oder eine Sandbox ist.",
    },
    example: "https://sandbox.zohoapis.eu",
    advanced: true,
  }),
  duplicateCheck: choice("duplicate_check", {
    label: { en: "How a known person is found", de: "Woran eine bekannte Person erkannt wird" },
    help: {
      en: "Zoho changes the Lead that is there and makes no second one.",
      de: "Zoho ändert den vorhandenen Lead und legt keinen zweiten an.",
    },
    option: { title: { en: "known by", de: "erkannt an" } },
    preset: "email_or_phone",
    options: [
      {
        value: "email_or_phone",
        label: {
          en: "By the e-mail address, else the phone number",
          de: "An der E-Mail-Adresse, sonst der Telefonnummer",
        },
        help: {
          en: "Zoho itself looks for the address; for a lead without one LeadLedger looks for the phone number first.",
          de: "Nach der Adresse sucht Zoho selbst; bei einem Lead ohne Adresse sucht LeadLedger zuerst nach der Telefonnummer.",
        },
      },
      {
        value: "email",
        label: { en: "By the e-mail address alone", de: "Nur an der E-Mail-Adresse" },
        help: {
          en: "A lead without one is always a new Lead; a repeat of it looks for the phone number.",
          de: "Ein Lead ohne Adresse ist immer ein neuer; eine Wiederholung sucht nach der Telefonnummer.",
        },
      },
    ],
  }),
  language: languageField({
    en: "The language of everything in the note that the lead does not say itself.",
    de: "In dieser Sprache steht in der Notiz, was nicht vom Lead selbst kommt.",
  }),
  workflows: choice("workflows", {
    label: { en: "Workflow rules", de: "Workflow-Regeln" },
    help: {
      en: "Whether a lead sets off what is automated in Zoho: workflows, approvals, blueprints.",
      de: "Ob ein Lead auslöst, was in Zoho automatisiert ist: Workflows, Genehmigungen, Blueprints.",
    },
    advanced: true,
    preset: "run",
    options: [
      {
        value: "run",
        label: { en: "They run", de: "Sie laufen" },
        help: { en: "As for Leads that people enter.", de: "Wie bei Leads, die jemand einträgt." },
      },
      {
        value: "none",
        label: { en: "They do not run", de: "Sie laufen nicht" },
        help: { en: "The lead is only stored.", de: "Der Lead wird nur gespeichert." },
      },
    ],
  }),
  apiVersion,
  ...recordMapFields(zohoMap),
  ...answerFields,
  ...sendingFields,
} as const;

export type ZohoDestination = DestinationOf<typeof zohoFields>;
