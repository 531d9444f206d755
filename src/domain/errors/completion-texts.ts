// What people are told when the data of a lead that came as ids could not be fetched.
import type { CompletionFailureCode } from "../leads/completion.ts";
import { explained } from "./explained.ts";
import type { Explained } from "./explained.ts";

export const completionTexts = {
  completion_unreachable: explained("incomplete", "nobody", {
    en: [
      "The sender's system could not be asked for the lead's data",
      "The lead came as an id. What the person filled in must be fetched, and the sender's system (Meta, LinkedIn) was not reachable or did not answer properly.",
      "Nothing at first. If it stays so for an hour, look whether LeadLedger's machine gets out to the internet.",
    ],
    de: [
      "Die Daten des Leads ließen sich gerade nicht abholen",
      "Der Lead kam nur als Kennung. Was jemand eingetragen hat, muss abgeholt werden, und das System des Absenders (Meta, LinkedIn) war nicht erreichbar oder gab keine brauchbare Antwort.",
      "Zunächst nichts. Bleibt es eine Stunde so, prüfen Sie, ob der Rechner von LeadLedger ins Internet kommt.",
    ],
  }),
  completion_failed_for_now: explained("incomplete", "nobody", {
    en: [
      "The sender's system could not hand out the lead's data for the moment",
      "It calls the error temporary itself.",
      "Nothing: it is tried again, at ever longer intervals up to an hour.",
    ],
    de: [
      "Das System des Absenders konnte die Daten des Leads gerade nicht herausgeben",
      "Es nennt den Fehler selbst vorübergehend.",
      "Nichts: Es wird erneut versucht, in wachsenden Abständen bis zu einer Stunde.",
    ],
  }),
  completion_answer_unusable: explained("incomplete", "operator", {
    en: [
      "The sender's system answered, but not with the lead's data",
      "The answer is not what its documentation says: perhaps it has changed, or `base_url` leads somewhere else.",
      "If it stays so, look at `base_url` and `api_version` of the source, and pass the message on to whoever looks after LeadLedger.",
    ],
    de: [
      "Das System des Absenders hat geantwortet, aber nicht mit den Daten des Leads",
      "Die Antwort ist nicht, was seine Dokumentation sagt: Vielleicht hat es sich geändert, oder `base_url` führt woandershin.",
      "Bleibt es so, prüfen Sie `base_url` und `api_version` der Quelle, und geben Sie die Meldung an den weiter, der LeadLedger betreut.",
    ],
  }),
  completion_throttled: explained("incomplete", "nobody", {
    en: [
      "The sender's system asks for a pause",
      "Too many requests were made to it in a short time, perhaps by other programs with the same app. LeadLedger waits as long as it asks.",
      "Nothing. If it happens every day, look which other programs use the same app.",
    ],
    de: [
      "Das System des Absenders bittet um eine Pause",
      "Es bekam in kurzer Zeit zu viele Anfragen, vielleicht von anderen Programmen mit derselben App. LeadLedger wartet so lange, wie es verlangt.",
      "Nichts. Geschieht es täglich, sehen Sie nach, welche anderen Programme dieselbe App benutzen.",
    ],
  }),
  completion_not_permitted: explained("incomplete", "operator", {
    en: [
      "The app may not read leads",
      "The sender's system knows the token, but the app or the person behind it lacks a permission.",
      "At Meta the app needs `leads_retrieval` (for real leads with advanced access, after App Review), and the page's Leads Access in the Business settings must name the app. At LinkedIn it needs `r_marketing_leadgen_automation`, and the member a role with the ad account and the page. Then have it tried again.",
    ],
    de: [
      "Die App darf keine Leads lesen",
      "Das System des Absenders kennt das Token, aber der App oder der Person dahinter fehlt eine Berechtigung.",
      "Bei Meta braucht die App `leads_retrieval` (für echte Leads mit erweitertem Zugriff, nach dem App Review), und unter „Leads Access“ in den Unternehmenseinstellungen muss die App bei der Seite eingetragen sein. Bei LinkedIn braucht sie `r_marketing_leadgen_automation` und das Mitglied eine Rolle im Werbekonto und auf der Seite. Lassen Sie es dann erneut versuchen.",
    ],
  }),
  completion_lead_unavailable: explained("incomplete", "operator", {
    en: [
      "The sender's system does not show this lead",
      "It says the same whether the lead was deleted, belongs to a page of somebody else, or the app has lost its access (Leads Access). If test leads work and real ones do not, it is nearly always the access.",
      "Look whether the lead is in the vendor's own list of leads. If it is, give the app access to the page's leads and have it tried again. If it is gone there, deliver the lead as it is: the destination gets the ids.",
    ],
    de: [
      "Das System des Absenders zeigt diesen Lead nicht",
      "Es sagt dasselbe, ob der Lead gelöscht wurde, zu einer fremden Seite gehört oder die App ihren Zugriff (Leads Access) verloren hat. Gehen Testleads und echte nicht, ist es fast immer der Zugriff.",
      "Sehen Sie nach, ob der Lead dort in der Liste der Leads steht. Wenn ja, geben Sie der App Zugriff auf die Leads der Seite und lassen es erneut versuchen. Ist er auch dort weg, stellen Sie den Lead zu, wie er ist: Das Ziel bekommt die Kennungen.",
    ],
  }),
  completion_token_invalid: explained("incomplete", "operator", {
    en: [
      "The source's token is no longer valid: it must be connected again",
      "The sender's system refuses the token with which LeadLedger fetches the data: it has expired, or somebody changed a password, removed the app or took its rights.",
      "Make a new token (at Meta a page token of a system user, which does not expire) and enter it at the source. All leads that wait are then fetched by themselves.",
    ],
    de: [
      "Das Token der Quelle gilt nicht mehr: Sie muss neu verbunden werden",
      "Das System des Absenders lehnt das Token ab, mit dem LeadLedger die Daten abholt: Es ist abgelaufen, oder jemand hat ein Passwort geändert, die App entfernt oder ihr Rechte genommen.",
      "Erzeugen Sie ein neues Token (bei Meta ein Seiten-Token eines Systemnutzers, das nicht abläuft) und tragen Sie es bei der Quelle ein. Alle wartenden Leads werden dann von selbst abgeholt.",
    ],
  }),
  completion_request_wrong: explained("incomplete", "operator", {
    en: [
      "The sender's system does not understand how LeadLedger asks",
      "That is a mistake of LeadLedger's, or `api_version` of the source names a version that has ended.",
      "Look at `api_version` of the source, and pass the message on to whoever looks after LeadLedger.",
    ],
    de: [
      "Das System des Absenders versteht die Anfrage von LeadLedger nicht",
      "Das ist ein Fehler in LeadLedger, oder `api_version` der Quelle nennt eine Version, die es nicht mehr gibt.",
      "Prüfen Sie `api_version` der Quelle, und geben Sie die Meldung an den weiter, der LeadLedger betreut.",
    ],
  }),
  completion_address_forbidden: explained("incomplete", "operator", {
    en: [
      "The address that the lead's data are fetched from is an internal one",
      "`base_url` of the source leads to a private or reserved address, and the source does not allow that.",
      "Correct `base_url`, or set `allow_private: true` at the source where it is meant so.",
    ],
    de: [
      "Die Adresse, von der die Daten des Leads abgeholt werden, ist eine interne",
      "`base_url` der Quelle führt zu einer privaten oder reservierten Adresse, und die Quelle erlaubt das nicht.",
      "Berichtigen Sie `base_url`, oder setzen Sie bei der Quelle `allow_private: true`, wenn es so gemeint ist.",
    ],
  }),
  completion_without_token: explained("incomplete", "operator", {
    en: [
      "The source has no token any more, and leads of it wait for their data",
      "The token was removed while leads waited. Without it nothing can be fetched.",
      "Enter a token at the source, or have these leads delivered as they are, with their ids only.",
    ],
    de: [
      "Die Quelle hat kein Token mehr, und Leads von ihr warten auf ihre Daten",
      "Das Token wurde entfernt, während Leads warteten. Ohne Token lässt sich nichts abholen.",
      "Tragen Sie bei der Quelle ein Token ein, oder lassen Sie diese Leads zustellen, wie sie sind, nur mit ihren Kennungen.",
    ],
  }),
  completion_source_removed: explained("incomplete", "operator", {
    en: [
      "The source was removed while leads of it waited for their data",
      "With the source its token is gone, so nothing can be fetched any more.",
      "Set the source up again under the same name, or have these leads delivered as they are, with their ids only.",
    ],
    de: [
      "Die Quelle wurde entfernt, während Leads von ihr auf ihre Daten warteten",
      "Mit der Quelle ist ihr Token weg; abholen lässt sich nichts mehr.",
      "Richten Sie die Quelle unter demselben Namen wieder ein, oder lassen Sie diese Leads zustellen, wie sie sind, nur mit ihren Kennungen.",
    ],
  }),
} as const satisfies Record<CompletionFailureCode, Explained>;
