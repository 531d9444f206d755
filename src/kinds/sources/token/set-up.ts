// How senders that bear a token are set up.
import type { SetUp } from "../../../config/set-up.ts";
import { automationTile, metaTile, otherTile } from "../tiles.ts";

export const tokenSetUp: readonly SetUp[] = [
  {
    id: "meta-without-app",
    tile: metaTile,
    label: {
      en: "Without an app: Make, Zapier, n8n or a sheet",
      de: "Ohne App: Make, Zapier, n8n oder eine Tabelle",
    },
    about: {
      en: "Works today, without a review by Meta: another service fetches the leads with its own app and sends them here. It costs that service's subscription, sees your leads, and adds its delay (minutes in cheap plans); what it does not send again is missing here. Names of campaigns and consents are there only if you map them.",
      de: "Geht heute, ohne Prüfung durch Meta: Ein anderer Dienst holt die Leads mit seiner eigenen App und sendet sie hierher. Das kostet dessen Abonnement, er sieht Ihre Leads, und es dauert länger (in günstigen Tarifen Minuten); was er nicht noch einmal sendet, fehlt hier. Namen von Kampagnen und Einwilligungen sind nur da, wenn Sie sie zuordnen.",
    },
    steps: [
      {
        en: "Make: Facebook Lead Ads, Watch Leads, then HTTP, Make a request. Zapier: Facebook Lead Ads, New Lead, then Webhooks, POST. n8n: Facebook Lead Ads Trigger, then HTTP Request. A sheet: let Meta's leads run into it, and send each new row by a script.",
        de: "Make: Facebook Lead Ads, Watch Leads, dann HTTP, Make a request. Zapier: Facebook Lead Ads, New Lead, dann Webhooks, POST. n8n: Facebook Lead Ads Trigger, dann HTTP Request. Eine Tabelle: Lassen Sie Metas Leads hineinlaufen, und senden Sie jede neue Zeile mit einem Skript.",
      },
      {
        en: "Address: {address}, method POST, content JSON.",
        de: "Adresse: {address}, Methode POST, Inhalt JSON.",
      },
      {
        en: "Header: Authorization with the value Bearer {secret}",
        de: "Header: Authorization mit dem Wert Bearer {secret}",
      },
      {
        en: "Header: Idempotency-Key with the lead's id (leadgen_id), so that a repeat is recognised.",
        de: "Header: Idempotency-Key mit der Kennung des Leads (leadgen_id), damit eine Wiederholung erkannt wird.",
      },
      {
        en: "Map the answers with names that say what they hold (full_name, email, phone_number), and the consents, too.",
        de: "Ordnen Sie die Antworten mit Namen zu, die sagen, was darin steht (full_name, email, phone_number), auch die Einwilligungen.",
      },
      {
        en: "Send a test lead with Meta's Lead Ads Testing Tool and watch it arrive here.",
        de: "Senden Sie mit Metas Testtool für Lead Ads einen Testlead, und sehen Sie hier zu, wie er ankommt.",
      },
    ],
    comesFromInternet: true,
  },
  {
    id: "automation",
    tile: automationTile,
    label: { en: "Make, Zapier or n8n", de: "Make, Zapier oder n8n" },
    about: {
      en: "Any scenario that can call an address. Whether and how often it tries again is set there (Zapier and Make: unsure).",
      de: "Jeder Ablauf, der eine Adresse aufrufen kann. Ob und wie oft er es noch einmal versucht, wird dort eingestellt (Zapier und Make: ungesichert).",
    },
    steps: [
      {
        en: "Make: HTTP, Make a request. Zapier: Webhooks, POST. n8n: HTTP Request, or paste the sample from this page.",
        de: "Make: HTTP, Make a request. Zapier: Webhooks, POST. n8n: HTTP Request, oder fügen Sie das Beispiel von dieser Seite ein.",
      },
      {
        en: "Address: {address}, method POST, content JSON.",
        de: "Adresse: {address}, Methode POST, Inhalt JSON.",
      },
      {
        en: "Header: Authorization with the value Bearer {secret}",
        de: "Header: Authorization mit dem Wert Bearer {secret}",
      },
      {
        en: "Header: Idempotency-Key with the lead's id or that of the run, so that a repeat is recognised.",
        de: "Header: Idempotency-Key mit der Kennung des Leads oder des Laufs, damit eine Wiederholung erkannt wird.",
      },
      {
        en: "In n8n switch on “Retry on Fail”; elsewhere, what repeats a failed step.",
        de: "Schalten Sie in n8n „Retry on Fail“ ein; anderswo, was einen misslungenen Schritt wiederholt.",
      },
      {
        en: "Run it once and watch the lead arrive here.",
        de: "Lassen Sie ihn einmal laufen, und sehen Sie hier zu, wie der Lead ankommt.",
      },
    ],
    comesFromInternet: true,
  },
  {
    id: "other-token",
    tile: otherTile,
    label: { en: "A tool or program with a token", de: "Ein Werkzeug oder Programm mit einem Token" },
    about: { en: "Simple, and right for most.", de: "Einfach, und für die meisten das Richtige." },
    steps: [
      {
        en: "Let it send each lead with POST to {address}, as JSON or as a form.",
        de: "Lassen Sie es jeden Lead mit POST an {address} senden, als JSON oder als Formular.",
      },
      {
        en: "Header: Authorization with the value Bearer {secret}. Where it can set no header, the token is the last part of the address: {address}/{secret}",
        de: "Header: Authorization mit dem Wert Bearer {secret}. Kann es keinen Header setzen, ist das Token der letzte Teil der Adresse: {address}/{secret}",
      },
      {
        en: "If it has an id for each lead, let it send that as header Idempotency-Key.",
        de: "Hat es für jeden Lead eine Kennung, lassen Sie es sie als Header Idempotency-Key senden.",
      },
      { en: "Code that works is on this page.", de: "Code, der funktioniert, steht auf dieser Seite." },
    ],
    comesFromInternet: false,
  },
];
