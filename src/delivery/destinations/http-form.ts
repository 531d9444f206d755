// The words of the form for a destination of kind `http`.
import type { KindWords } from "../../domain/configuration/form-words.ts";

export const httpForm: KindWords = {
  label: { en: "HTTP (webhook)", de: "HTTP (Webhook)" },
  help: {
    en: "Every lead is posted as JSON to an address: a CRM, an automation, a program of your own.",
    de: "Jeder Lead wird als JSON an eine Adresse gesendet: an ein CRM, eine Automatisierung oder ein eigenes Programm.",
  },
  fields: [
    {
      name: "url",
      label: { en: "Address", de: "Adresse (URL)" },
      help: {
        en: "Where leads are posted to. Credentials do not belong in it but in a header.",
        de: "Wohin die Leads gesendet werden. Zugangsdaten gehören nicht hinein, sondern in einen Header.",
      },
      example: "https://crm.example/api/leads",
    },
    {
      name: "headers",
      label: { en: "Headers", de: "Header" },
      help: {
        en: "Sent with every delivery, for example Authorization with a key of the receiver's.",
        de: "Gehen mit jeder Zustellung mit, zum Beispiel Authorization mit einem Token des Empfängers.",
      },
    },
    {
      name: "secret",
      label: { en: "Signing secret", de: "Signaturgeheimnis" },
      help: {
        en: "Signs every delivery, so that the receiver can check that it comes from you (Standard Webhooks). Without one there is no signature.",
        de: "Signiert jede Zustellung, damit der Empfänger prüfen kann, dass sie von Ihnen kommt (Standard Webhooks). Ohne Geheimnis gibt es keine Signatur.",
      },
    },
    {
      name: "timeout",
      label: { en: "Longest attempt", de: "Längster Versuch" },
      help: {
        en: "A receiver that has not answered by then is tried again later.",
        de: "Antwortet der Empfänger bis dahin nicht, wird es später erneut versucht.",
      },
      advanced: true,
      example: "10s",
    },
    {
      name: "concurrency",
      label: { en: "Deliveries at once", de: "Gleichzeitige Zustellungen" },
      help: {
        en: "On each node. Fewer spare a receiver that is slow.",
        de: "Auf jedem Knoten. Weniger schonen einen langsamen Empfänger.",
      },
      advanced: true,
    },
    {
      name: "retry.fast",
      label: { en: "First repeats", de: "Erste Wiederholungen" },
      help: {
        en: "Pauses after the first attempt, before the lead needs attention.",
        de: "Pausen nach dem ersten Versuch, bevor ein Klärfall daraus wird.",
      },
      advanced: true,
      example: "5s",
    },
    {
      name: "retry.slow",
      label: { en: "Later repeats", de: "Spätere Wiederholungen" },
      help: {
        en: "Pauses from then on; after the last one the lead is given up.",
        de: "Pausen von da an; nach der letzten wird es nicht mehr versucht.",
      },
      advanced: true,
      example: "30m",
    },
    {
      name: "allow_private",
      label: { en: "May reach internal addresses", de: "Darf interne Adressen erreichen" },
      help: {
        en: "For a receiver on this machine or in your own network.",
        de: "Für einen Empfänger auf diesem Rechner oder im eigenen Netz.",
      },
      advanced: true,
    },
    {
      name: "ca_file",
      label: { en: "Certificate authorities (PEM file)", de: "Zertifizierungsstellen (PEM-Datei)" },
      help: {
        en: "For a receiver with a certificate of your own authority: the path of its PEM file on each machine that LeadLedger runs on. It takes the place of the public authorities and is read for each connection.",
        de: "Für einen Empfänger mit einem Zertifikat Ihrer eigenen Zertifizierungsstelle: der Pfad ihrer PEM-Datei auf jedem Rechner, auf dem LeadLedger läuft. Sie gilt anstelle der öffentlichen Stellen und wird für jede Verbindung gelesen.",
      },
      example: "/etc/leadledger/ca.pem",
      advanced: true,
    },
    {
      name: "paused",
      label: { en: "Paused", de: "Angehalten" },
      help: {
        en: "Deliveries wait, nothing is sent.",
        de: "Zustellungen warten, nichts wird gesendet.",
      },
      advanced: true,
    },
  ],
};
