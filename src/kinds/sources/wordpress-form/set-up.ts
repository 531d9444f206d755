// How forms of WordPress plugins are set up.
import type { SetUp } from "../../../config/set-up.ts";
import { wordpressTile } from "../tiles.ts";

export const wordpressFormSetUp: readonly SetUp[] = [
  {
    id: "contact-form-7",
    tile: wordpressTile,
    label: { en: "Contact Form 7", de: "Contact Form 7" },
    about: {
      en: "Needs the free add-on “CF7 to Webhook”: Contact Form 7 itself sends nothing to other systems. If LeadLedger cannot be reached, the visitor sees an error and the admin gets a mail with the whole entry; the add-on does not try again.",
      de: "Braucht die kostenlose Erweiterung „CF7 to Webhook“: Contact Form 7 selbst sendet nichts an andere Systeme. Ist LeadLedger nicht erreichbar, sieht der Besucher einen Fehler, und der Administrator bekommt eine Mail mit der ganzen Eingabe; die Erweiterung versucht es nicht noch einmal.",
    },
    steps: [
      {
        en: "In WordPress under Plugins, Add New install and activate “CF7 to Webhook”.",
        de: "Installieren und aktivieren Sie in WordPress unter Plugins, Installieren „CF7 to Webhook“.",
      },
      {
        en: "Under Contact, Contact Forms open the form, then the tab Webhook, and switch the webhook on.",
        de: "Öffnen Sie unter Formulare, Kontaktformulare das Formular, dann den Reiter Webhook, und schalten Sie den Webhook ein.",
      },
      {
        en: "As Webhook URL enter {address}, method POST.",
        de: "Tragen Sie als Webhook-URL {address} ein, Methode POST.",
      },
      {
        en: "Under headers enter one line: Authorization: Bearer {secret}",
        de: "Tragen Sie unter Headers eine Zeile ein: Authorization: Bearer {secret}",
      },
      {
        en: "Leave the template for the body empty: one of your own inserts values as they are, and a quotation mark or line break makes it invalid.",
        de: "Lassen Sie die Vorlage für den Inhalt leer: Eine eigene setzt Werte unverändert ein, und ein Anführungszeichen oder Zeilenumbruch macht sie ungültig.",
      },
      {
        en: "Leave the tab Mail as it is, and keep Flamingo if you have it: they are your safety net.",
        de: "Lassen Sie den Reiter E-Mail, wie er ist, und Flamingo, falls vorhanden, eingeschaltet: Sie sind Ihr Sicherheitsnetz.",
      },
      {
        en: "Send the form once yourself and watch it arrive here.",
        de: "Senden Sie das Formular einmal selbst ab und sehen Sie hier zu, wie es ankommt.",
      },
    ],
    comesFromInternet: true,
  },
  {
    id: "gravity-forms",
    tile: wordpressTile,
    label: { en: "Gravity Forms", de: "Gravity Forms" },
    about: {
      en: "Needs the Webhooks add-on. It sends once and takes every answer for success, so what LeadLedger cannot take is only in the plugin's entries. The entry's number is the key.",
      de: "Braucht das Add-on „Webhooks“. Es sendet einmal und hält jede Antwort für einen Erfolg; was LeadLedger nicht annehmen kann, steht dann nur in den Einträgen des Plugins. Die Nummer des Eintrags ist die Kennung.",
    },
    steps: [
      {
        en: "Under Forms, Add-Ons install Webhooks.",
        de: "Installieren Sie unter Formulare, Add-ons „Webhooks“.",
      },
      {
        en: "Open the form, Settings, Webhooks, Add New.",
        de: "Öffnen Sie das Formular, Einstellungen, Webhooks, Neu hinzufügen.",
      },
      {
        en: "Request URL: {address}, method POST, format JSON.",
        de: "Anfrage-URL: {address}, Methode POST, Format JSON.",
      },
      {
        en: "Request Headers: Authorization with the value Bearer {secret}",
        de: "Anfrage-Header: Authorization mit dem Wert Bearer {secret}",
      },
      {
        en: "Request Body: better “Select Fields” with names of your own (name, email, phone) than “All Fields”, whose keys are numbers.",
        de: "Anfrage-Inhalt: besser „Felder auswählen“ mit eigenen Namen (name, email, phone) als „Alle Felder“, deren Namen Zahlen sind.",
      },
      {
        en: "Leave the plugin's own e-mail and its list of entries switched on: they are your safety net.",
        de: "Lassen Sie die E-Mail des Plugins und seine Liste der Einträge eingeschaltet: Sie sind Ihr Sicherheitsnetz.",
      },
      {
        en: "Send the form once yourself and watch it arrive here.",
        de: "Senden Sie das Formular einmal selbst ab und sehen Sie hier zu, wie es ankommt.",
      },
    ],
    comesFromInternet: true,
  },
  {
    id: "wpforms",
    tile: wordpressTile,
    label: { en: "WPForms", de: "WPForms" },
    about: {
      en: "Needs the Webhooks add-on. It ignores the answer and never sends again. Only fields that you map are sent.",
      de: "Braucht das Add-on „Webhooks“. Es beachtet die Antwort nicht und sendet nie noch einmal. Gesendet werden nur Felder, die Sie zuordnen.",
    },
    steps: [
      {
        en: "Under WPForms, Addons install Webhooks.",
        de: "Installieren Sie unter WPForms, Addons „Webhooks“.",
      },
      {
        en: "Open the form, Settings, Webhooks, and switch them on.",
        de: "Öffnen Sie das Formular, Einstellungen, Webhooks, und schalten Sie sie ein.",
      },
      {
        en: "Request URL: {address}/{secret}, method POST, format JSON. The token is the last part of the address.",
        de: "Anfrage-URL: {address}/{secret}, Methode POST, Format JSON. Das Token ist der letzte Teil der Adresse.",
      },
      {
        en: "Request Body: map each field to a name (name, email, phone, message), and the smart tag {entry_id} to entry_id: it is the key.",
        de: "Anfrage-Inhalt: Ordnen Sie jedem Feld einen Namen zu (name, email, phone, message), und das Smart-Tag {entry_id} dem Namen entry_id: Es ist die Kennung.",
      },
      {
        en: "Leave the plugin's own e-mail and its list of entries switched on: they are your safety net.",
        de: "Lassen Sie die E-Mail des Plugins und seine Liste der Einträge eingeschaltet: Sie sind Ihr Sicherheitsnetz.",
      },
      {
        en: "Send the form once yourself and watch it arrive here.",
        de: "Senden Sie das Formular einmal selbst ab und sehen Sie hier zu, wie es ankommt.",
      },
    ],
    comesFromInternet: true,
  },
  {
    id: "fluent-forms",
    tile: wordpressTile,
    label: { en: "Fluent Forms", de: "Fluent Forms" },
    about: {
      en: "Needs Fluent Forms Pro. It ignores the answer; only when no connection can be made does it note an error. The number of the submission is the key.",
      de: "Braucht Fluent Forms Pro. Die Antwort wird nicht beachtet; nur wenn keine Verbindung zustande kommt, vermerkt das Plugin einen Fehler. Die Nummer der Einsendung ist die Kennung.",
    },
    steps: [
      {
        en: "Under Fluent Forms, Integrations switch the module Webhook on.",
        de: "Schalten Sie unter Fluent Forms, Integrationen das Modul Webhook ein.",
      },
      {
        en: "Open the form, Settings & Integrations, WebHook, Add New.",
        de: "Öffnen Sie das Formular, Einstellungen & Integrationen, WebHook, Neu hinzufügen.",
      },
      {
        en: "Request URL: {address}, method POST, format JSON.",
        de: "Anfrage-URL: {address}, Methode POST, Format JSON.",
      },
      {
        en: "Request Header: with headers, Authorization with the value Bearer {secret}",
        de: "Anfrage-Header: mit Headern, Authorization mit dem Wert Bearer {secret}",
      },
      { en: "Request Body: All Fields.", de: "Anfrage-Inhalt: Alle Felder." },
      {
        en: "Leave the plugin's own e-mail and its list of entries switched on: they are your safety net.",
        de: "Lassen Sie die E-Mail des Plugins und seine Liste der Einträge eingeschaltet: Sie sind Ihr Sicherheitsnetz.",
      },
      {
        en: "Send the form once yourself and watch it arrive here.",
        de: "Senden Sie das Formular einmal selbst ab und sehen Sie hier zu, wie es ankommt.",
      },
    ],
    comesFromInternet: true,
  },
  {
    id: "ninja-forms",
    tile: wordpressTile,
    label: { en: "Ninja Forms", de: "Ninja Forms" },
    about: {
      en: "Needs the Webhooks add-on. It sends within the visitor's request, ignores the answer, and reaches no private addresses and no ports but 80, 443 and 8080.",
      de: "Braucht das Add-on „Webhooks“. Es sendet während der Anfrage des Besuchers, beachtet die Antwort nicht und erreicht keine privaten Adressen und keine Ports außer 80, 443 und 8080.",
    },
    steps: [
      { en: "Install the add-on Webhooks.", de: "Installieren Sie das Add-on „Webhooks“." },
      {
        en: "Open the form, Emails & Actions, add the action WebHooks.",
        de: "Öffnen Sie das Formular, E-Mails & Aktionen, und fügen Sie die Aktion WebHooks hinzu.",
      },
      {
        en: "Remote URL: {address}/{secret}, method POST. The token is the last part of the address.",
        de: "Remote-URL: {address}/{secret}, Methode POST. Das Token ist der letzte Teil der Adresse.",
      },
      {
        en: "Args: give each field a name (name, email, phone, message) and choose to encode them as JSON in the body.",
        de: "Argumente: Geben Sie jedem Feld einen Namen (name, email, phone, message), und lassen Sie sie als JSON im Inhalt senden.",
      },
      {
        en: "Leave the actions Store Submission and Email switched on: they are your safety net.",
        de: "Lassen Sie die Aktionen „Einsendung speichern“ und „E-Mail“ eingeschaltet: Sie sind Ihr Sicherheitsnetz.",
      },
      {
        en: "Send the form once yourself and watch it arrive here.",
        de: "Senden Sie das Formular einmal selbst ab und sehen Sie hier zu, wie es ankommt.",
      },
    ],
    comesFromInternet: true,
    ports: [80, 443, 8080],
  },
];
