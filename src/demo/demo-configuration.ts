// The leadledger.yaml and the body schema that the demo writes into its folder, in the person's language.
import type { Language } from "../domain/errors/error-catalogue.ts";
import type { DemoDestinationName, DemoSecrets } from "./demo-sources.ts";

export interface DemoFile {
  /** Below the demo's folder. */
  readonly path: string;
  readonly text: string;
}

export interface DemoAddresses {
  readonly secrets: DemoSecrets;
  readonly destinationUrls: Readonly<Record<DemoDestinationName, string>>;
}

/** In the order in which they must be written. */
export function demoFiles(language: Language, addresses: DemoAddresses): DemoFile[] {
  return [
    { path: "schemas/website.json", text: `${JSON.stringify(websiteSchema, null, 2)}\n` },
    { path: "leadledger.yaml", text: demoYaml(comments[language], addresses) },
  ];
}

const websiteSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  required: ["vorname", "nachname", "email"],
  properties: {
    vorname: { type: "string", minLength: 1 },
    nachname: { type: "string", minLength: 1 },
    email: { type: "string", minLength: 3 },
  },
};

interface Comments {
  readonly head: string;
  readonly website: string;
  readonly landingpage: string;
  readonly messe: string;
  readonly portal: string;
  readonly crm: string;
  readonly retry: string;
  readonly newsletter: string;
}

const comments: Readonly<Record<Language, Comments>> = {
  de: {
    head: "Die Konfiguration der Vorführung. Quellen und Geheimnisse sind erfunden; CRM und Newsletter laufen nur, solange die Vorführung läuft.",
    website:
      "Das Kontaktformular der Website: JSON, jeder Lead signiert, Pflichtfelder nach schemas/website.json.",
    landingpage: "Die Landingpages der Kampagnen: klassische Webformulare mit einem Token.",
    messe:
      "Visitenkarten von der Messe: ohne eigene Kennung; derselbe Inhalt binnen 10 Minuten ist derselbe Lead.",
    portal: "Ein Vergleichsportal: Formulare mit Foto; die Kennung steht im Feld anfrage_id.",
    crm: "Das CRM der Vorführung. Es fällt eine Weile aus und lehnt Leads ohne Postleitzahl ab.",
    retry:
      "Kurze Fristen, damit man beim Zusehen etwas sieht. Üblich sind [1s, 5s] und [1m, 5m, 30m, 2h, 12h, 1d, 1d, 1d, 1d, 1d, 1d, 1d, 1d].",
    newsletter: "Das Newsletter-Programm der Vorführung. Es läuft immer.",
  },
  en: {
    head: "The demo's configuration. Sources and secrets are invented; CRM and newsletter tool run only while the demo does.",
    website:
      "The website's contact form: JSON, every lead signed, required fields as in schemas/website.json.",
    landingpage: "The campaigns' landing pages: classic web forms with a token.",
    messe:
      "Business cards from the trade fair: no key of their own; the same content within 10 minutes is the same lead.",
    portal: "A comparison portal: forms with a photograph; the key is in the field anfrage_id.",
    crm: "The demo's CRM. It is out of order for a while and refuses leads without a postal code.",
    retry:
      "Short delays, so that there is something to watch. Usual are [1s, 5s] and [1m, 5m, 30m, 2h, 12h, 1d, 1d, 1d, 1d, 1d, 1d, 1d, 1d].",
    newsletter: "The demo's newsletter tool. It always works.",
  },
};

function demoYaml(comment: Comments, { secrets, destinationUrls }: DemoAddresses): string {
  return `# ${comment.head}
timezone: Europe/Berlin

sources:
  # ${comment.website}
  website:
    auth: { kind: hmac, secret: "${secrets.website}" }
    schema: schemas/website.json
    to: [crm, newsletter]
  # ${comment.landingpage}
  landingpage:
    auth: { kind: token, secret: "${secrets.landingpage}" }
    to: [crm, newsletter]
  # ${comment.messe}
  messe:
    auth: { kind: token, secret: "${secrets.messe}" }
    key: { body_hash: 10m }
    to: [crm]
  # ${comment.portal}
  portal:
    auth: { kind: token, secret: "${secrets.portal}" }
    key: { pointer: /anfrage_id }
    to: [crm]

destinations:
  # ${comment.crm}
  crm:
    kind: http
    url: ${destinationUrls.crm}
    allow_private: true
    # ${comment.retry}
    retry: { fast: [200ms, 500ms], slow: [2s, 3s, 4s] }
  # ${comment.newsletter}
  newsletter:
    kind: http
    url: ${destinationUrls.newsletter}
    allow_private: true
    retry: { fast: [200ms, 500ms], slow: [2s, 3s, 4s] }
`;
}
