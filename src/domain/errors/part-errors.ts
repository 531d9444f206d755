// Errors about sources, destinations and settings that the API changes.
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { entry } from "./error-catalogue-entry.ts";

export const partErrors = {
  source_not_found: entry(404, "unaffected", "caller", {
    en: [
      "There is no source of this name",
      "No source is called that. Upper and lower case differ.",
      "GET /api/v1/sources lists them all.",
    ],
    de: [
      "Eine Quelle dieses Namens gibt es nicht",
      "Keine Quelle heißt so. Groß- und Kleinschreibung zählt.",
      "GET /api/v1/sources zeigt alle.",
    ],
  }),
  sla_not_found: entry(404, "unaffected", "caller", {
    en: [
      "There is no service level of this name",
      "No service level is called that. Upper and lower case differ.",
      "GET /api/v1/sla lists them all.",
    ],
    de: [
      "Ein Servicelevel dieses Namens gibt es nicht",
      "Kein Servicelevel heißt so. Groß- und Kleinschreibung zählt.",
      "GET /api/v1/sla zeigt alle.",
    ],
  }),
  destination_not_found: entry(404, "unaffected", "caller", {
    en: [
      "There is no destination of this name",
      "No destination is called that. Upper and lower case differ.",
      "GET /api/v1/destinations lists them all.",
    ],
    de: [
      "Ein Ziel dieses Namens gibt es nicht",
      "Kein Ziel heißt so. Groß- und Kleinschreibung zählt.",
      "GET /api/v1/destinations zeigt alle.",
    ],
  }),
  client_not_found: entry(404, "unaffected", "caller", {
    en: [
      "There is no such client",
      "No source and no destination names a client of this name. Upper and lower case differ.",
      "GET /api/v1/clients lists them all.",
    ],
    de: [
      "Diesen Kunden gibt es nicht",
      "Keine Quelle und kein Ziel nennt einen Kunden dieses Namens. Groß- und Kleinschreibung zählt.",
      "GET /api/v1/clients zeigt alle.",
    ],
  }),
  configuration_invalid: entry(422, "unchanged", "caller", {
    en: [
      "This configuration is not valid",
      "Something in these settings cannot be right, so none of them was saved.",
      "`problems` says for each place what is wrong and what was expected.",
    ],
    de: [
      "Diese Konfiguration ist nicht gültig",
      "Etwas an diesen Einstellungen kann nicht stimmen, deshalb wurde keine davon gespeichert.",
      "`problems` sagt zu jeder Stelle, was nicht stimmt und was erwartet wird.",
    ],
  }),
  expression_needs_admin: entry(403, "unchanged", "caller", {
    en: [
      "Only an administrator may write or change an expression",
      "An expression sees whole leads and says what a destination gets of them. Yours differs from the one that is stored, or would be tried here, so nothing was changed.",
      "Use a `map`, which may say nearly everything that an expression can; or let an administrator make this change.",
    ],
    de: [
      "Einen Ausdruck darf nur ein Administrator schreiben oder ändern",
      "Ein Ausdruck sieht ganze Leads und bestimmt, was ein Ziel von ihnen bekommt. Ihrer weicht vom gespeicherten ab oder sollte hier ausprobiert werden; geändert wurde nichts.",
      "Nehmen Sie ein `map`, das fast alles kann, was ein Ausdruck kann, oder lassen Sie einen Administrator die Änderung vornehmen.",
    ],
  }),
  managed_by_file: entry(409, "unchanged", "operator", {
    en: [
      "leadledger.yaml says this, so it can only be changed there",
      "This setting comes from a file on the machine on which LeadLedger runs. Changed here, it would be overwritten at the next start.",
      "Change it in the file and run `leadledger apply`; all nodes follow within two seconds. A source or destination can be taken over instead (`take-over`): from then on it is changed here.",
    ],
    de: [
      "Das steht in leadledger.yaml und wird nur dort geändert",
      "Diese Einstellung kommt aus einer Datei auf dem Rechner, auf dem LeadLedger läuft. Hier geändert, wäre sie beim nächsten Start wieder überschrieben.",
      "Ändern Sie die Datei, und rufen Sie `leadledger apply` auf; alle Knoten folgen binnen zwei Sekunden. Eine Quelle oder ein Ziel lässt sich stattdessen in die Oberfläche übernehmen (`take-over`) und wird von da an dort geändert.",
    ],
  }),
  mail_missing: entry(409, "unchanged", "operator", {
    en: [
      "There is no mail account to send from",
      "LeadLedger itself writes alerts, reports, invitations and links for new passwords, and nobody has said yet from which mailbox. Nothing was sent.",
      "Say it in the dashboard under Settings, Mail, with `leadledger mail set`, or as `mail` in leadledger.yaml.",
    ],
    de: [
      "Es gibt kein E-Mail-Konto, von dem gesendet werden könnte",
      "LeadLedger schreibt selbst E-Mails: Alarme, Berichte, Einladungen und Links für neue Passwörter. Von welchem Postfach, hat noch niemand angegeben. Gesendet wurde nichts.",
      "Geben Sie es in der Oberfläche unter Einstellungen, E-Mail an, mit `leadledger mail set` oder als `mail` in leadledger.yaml.",
    ],
  }),
  public_url_missing: entry(409, "unchanged", "operator", {
    en: [
      "LeadLedger does not know its own address",
      "A mail with a link needs the address under which people reach LeadLedger, and `public_url` is not set. Nothing was sent.",
      "Set `public_url` in leadledger.yaml and start LeadLedger again. Until then an administrator can make a link and pass it on: under Settings, Users, or with `leadledger user setup-link`.",
    ],
    de: [
      "LeadLedger kennt seine eigene Adresse nicht",
      "Eine E-Mail mit einem Link braucht die Adresse, unter der LeadLedger erreichbar ist, und `public_url` ist nicht angegeben. Gesendet wurde nichts.",
      "Geben Sie `public_url` in leadledger.yaml an, und starten Sie LeadLedger neu. Bis dahin kann ein Administrator einen Link erstellen und weitergeben: unter Einstellungen, Benutzer, oder mit `leadledger user setup-link`.",
    ],
  }),
  recipient_invalid: entry(422, "unchanged", "caller", {
    en: [
      "This is no e-mail address",
      "A mail server needs one address, such as `anna@example.com` or `Anna Berg <anna@example.com>`. Nothing was sent or changed.",
      "Look for a typing mistake, and give several recipients one at a time.",
    ],
    de: [
      "Das ist keine E-Mail-Adresse",
      "Ein Mailserver braucht eine Adresse wie `anna@example.com` oder `Anna Berg <anna@example.com>`. Gesendet oder geändert wurde nichts.",
      "Suchen Sie nach einem Tippfehler, und geben Sie mehrere Empfänger einzeln an.",
    ],
  }),
  name_taken: entry(409, "unchanged", "caller", {
    en: [
      "This name is taken",
      "There is a source or a destination of this name already.",
      "Choose another name, or change the one that there is with PATCH.",
    ],
    de: [
      "Dieser Name ist vergeben",
      "Eine Quelle oder ein Ziel dieses Namens gibt es schon.",
      "Wählen Sie einen anderen, oder ändern Sie das Vorhandene mit PATCH.",
    ],
  }),
  part_removed: entry(409, "unchanged", "caller", {
    en: [
      "This was removed and is switched off",
      "LeadLedger keeps the names of removed sources and destinations, because leads still speak of them. There is nothing to change about them.",
      "To have it back, make it anew under the same name with POST.",
    ],
    de: [
      "Das wurde entfernt und ist abgeschaltet",
      "LeadLedger behält die Namen entfernter Quellen und Ziele, weil Leads noch von ihnen sprechen. Zu ändern ist an ihnen nichts.",
      "Um es wiederzubekommen, legen Sie es unter demselben Namen mit POST neu an.",
    ],
  }),
  destination_in_use: entry(409, "unchanged", "caller", {
    en: [
      "Sources still send to this destination",
      "If the destination were removed now, the leads of these sources would reach nobody.",
      "`reason` names the sources. Change their `to` first.",
    ],
    de: [
      "Quellen senden noch an dieses Ziel",
      "Würde das Ziel jetzt entfernt, erreichten die Leads dieser Quellen niemanden.",
      "`reason` nennt die Quellen. Ändern Sie zuerst deren `to`.",
    ],
  }),
  source_in_use: entry(409, "unchanged", "caller", {
    en: [
      "Leads of other sources come over this source's address",
      "If it were removed now, nothing would arrive for them any more.",
      "`reason` names the sources. Change their `via` first.",
    ],
    de: [
      "Leads anderer Quellen kommen über die Adresse dieser Quelle",
      "Würde sie jetzt entfernt, käme für diese nichts mehr an.",
      "`reason` nennt die Quellen. Ändern Sie zuerst deren `via`.",
    ],
  }),
  without_secret: entry(409, "unchanged", "caller", {
    en: [
      "This has no secret that could be replaced",
      "This source or destination works without a secret, so there is none to renew.",
      "If it should have one: give a source a kind that has secrets, such as a token or a signature, and a destination the secret that its kind knows, if it knows one.",
    ],
    de: [
      "Hier gibt es kein Geheimnis, das sich ersetzen ließe",
      "Diese Quelle oder dieses Ziel kommt ohne Geheimnis aus, zu erneuern ist also keines.",
      "Soll es eines geben: Einer Quelle geben Sie eine Art mit Geheimnis, etwa Token oder Signatur, einem Ziel das Geheimnis, das seine Art vorsieht, falls sie eines vorsieht.",
    ],
  }),
  destination_external: entry(409, "unaffected", "operator", {
    en: [
      "LeadLedger makes no connection to this destination",
      "It is of kind `external`: a program of your own fetches its leads, so there is no connection that could be tried.",
      "Send a test lead: it shows whether your program fetches it.",
    ],
    de: [
      "Zu diesem Ziel baut LeadLedger keine Verbindung auf",
      "Es ist von der Art `external`: Ein eigenes Programm holt die Leads ab. Eine Verbindung, die man prüfen könnte, gibt es nicht.",
      "Senden Sie einen Testlead: Er zeigt, ob Ihr Programm ihn abholt.",
    ],
  }),
  fields_not_creatable: entry(409, "unaffected", "caller", {
    en: [
      "No field can be made there from here",
      "The receiver's interface makes no fields, or this kind of destination does not know how.",
      "Make the field in the receiver's own screens, and read the fields again.",
    ],
    de: [
      "Von hier aus lässt sich dort kein Feld anlegen",
      "Die Schnittstelle des Empfängers legt keine Felder an, oder diese Art von Ziel kennt keinen Weg dazu.",
      "Legen Sie das Feld in der Oberfläche des Empfängers an und lesen Sie die Felder neu.",
    ],
  }),
  test_lead_refused: entry(422, "unchanged", "caller", {
    en: [
      "This source would refuse the test lead",
      "The test lead lacks something that this source demands of its leads. Nothing was recorded.",
      "`reason` says what does not fit; give a `body` that the source takes.",
    ],
    de: [
      "Diese Quelle würde den Testlead ablehnen",
      "Dem Testlead fehlt etwas, das diese Quelle von ihren Leads verlangt. Es wurde nichts verzeichnet.",
      "`reason` sagt, was nicht passt; geben Sie einen `body` mit, den die Quelle annimmt.",
    ],
  }),
} as const satisfies Record<string, CatalogueEntry>;
