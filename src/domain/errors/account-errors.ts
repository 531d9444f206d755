// Errors of the API about people, keys and passwords.
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { entry } from "./error-catalogue-entry.ts";

export const accountErrors = {
  sign_in_refused: entry(401, "unaffected", "caller", {
    en: [
      "E-mail address and password do not match",
      "The address or the password is mistyped. Or the account is disabled, or locked for a while (a minute to an hour) because too many passwords were wrong.",
      "Try again. If the account is disabled or locked, or the password is forgotten, an admin can set a new password or make a set-up link.",
    ],
    de: [
      "E-Mail-Adresse und Passwort passen nicht zusammen",
      "Adresse oder Passwort sind vertippt. Oder das Konto ist gesperrt: von einem Admin, oder für eine Weile (eine Minute bis eine Stunde), weil zu viele Passwörter falsch waren.",
      "Versuchen Sie es noch einmal. Ist das Konto gesperrt oder das Passwort vergessen, kann ein Admin ein neues Passwort setzen oder einen Einrichtungslink erstellen.",
    ],
  }),
  too_many_attempts: entry(429, "unaffected", "caller", {
    en: [
      "Too many attempts in a short time",
      "Somebody tried passwords too fast. LeadLedger makes them wait, so that nobody can guess one by trying. No password was looked at.",
      "Wait for as many seconds as the header Retry-After says.",
    ],
    de: [
      "Zu viele Versuche in kurzer Zeit",
      "Jemand hat zu schnell Passwörter probiert. LeadLedger lässt ihn warten, damit niemand eines durch Ausprobieren errät. Es wurde kein Passwort geprüft.",
      "Warten Sie so viele Sekunden, wie die Kopfzeile Retry-After sagt.",
    ],
  }),
  passwords_busy: entry(503, "unchanged", "nobody", {
    en: [
      "Too many passwords are being checked at this moment",
      "Checking a password is slow on purpose, and many are waiting. Leads are taken all the same.",
      "Try again in a few seconds.",
    ],
    de: [
      "Im Augenblick werden zu viele Passwörter geprüft",
      "Ein Passwort zu prüfen dauert mit Absicht lange, und viele warten gerade. Leads werden trotzdem angenommen.",
      "Versuchen Sie es in ein paar Sekunden noch einmal.",
    ],
  }),
  password_wrong: entry(422, "unchanged", "caller", {
    en: [
      "The current password is not the right one",
      "To change your password, LeadLedger asks for the one that holds now. What was entered is a different one.",
      "Enter the current password again. After five wrong ones in a row the account is locked for a while.",
    ],
    de: [
      "Das bisherige Passwort stimmt nicht",
      "Um Ihr Passwort zu ändern, fragt LeadLedger nach dem bisherigen. Eingegeben wurde ein anderes.",
      "Geben Sie das bisherige noch einmal ein. Nach fünf falschen hintereinander ist das Konto für eine Weile gesperrt.",
    ],
  }),
  password_unsuitable: entry(422, "unchanged", "caller", {
    en: [
      "This password cannot be used",
      "The new password would be too easy to guess, or too long.",
      "`reason` says what it lacks. Three or four words that do not belong together make a good one.",
    ],
    de: [
      "Dieses Passwort eignet sich nicht",
      "Das neue Passwort wäre zu leicht zu erraten oder zu lang.",
      "`reason` sagt, woran es fehlt. Drei oder vier Wörter, die nichts miteinander zu tun haben, sind ein gutes.",
    ],
  }),
  own_password: entry(409, "unchanged", "caller", {
    en: [
      "One's own password is changed with the current one",
      "An admin may give others a new password without knowing the old one; for the own account that is not possible.",
      "Change it under your own account with the current password: PUT /api/v1/session/password.",
    ],
    de: [
      "Das eigene Passwort wird mit dem bisherigen geändert",
      "Ein Admin darf anderen ein neues Passwort geben, ohne das alte zu kennen; beim eigenen Konto geht das nicht.",
      "Ändern Sie es in Ihrem Konto mit dem bisherigen Passwort: PUT /api/v1/session/password.",
    ],
  }),
  no_own_account: entry(409, "unchanged", "caller", {
    en: [
      "These credentials are nobody's account",
      "What was asked for belongs to a person's account, the language for example. An API key and the command line have none.",
      "Who signs in with a password can do this, an API key or the command line cannot.",
    ],
    de: [
      "Zu dieser Anmeldung gehört kein Konto",
      "Was verlangt wurde, gehört zum Konto eines Menschen, zum Beispiel die Sprache. Ein API-Schlüssel und die Kommandozeile haben keines.",
      "Wer sich mit einem Passwort anmeldet, kann das; ein API-Schlüssel oder die Kommandozeile nicht.",
    ],
  }),
  user_unknown: entry(404, "unaffected", "caller", {
    en: ["There is no such user", "No account has this number.", "GET /api/v1/users lists the users."],
    de: ["Dieses Konto gibt es nicht", "Kein Konto hat diese Nummer.", "GET /api/v1/users zeigt die Konten."],
  }),
  login_taken: entry(409, "unchanged", "caller", {
    en: [
      "There is an account with this e-mail address already",
      "Every account has an address of its own, and this one is in use, perhaps by an account that is disabled.",
      "Accounts are disabled, never removed; a disabled one can be enabled again.",
    ],
    de: [
      "Ein Konto mit dieser E-Mail-Adresse gibt es schon",
      "Jedes Konto hat eine eigene Adresse, und diese ist vergeben, vielleicht an ein gesperrtes Konto.",
      "Konten werden gesperrt, nie gelöscht; ein gesperrtes lässt sich wieder freigeben.",
    ],
  }),
  last_admin: entry(409, "unchanged", "caller", {
    en: [
      "This is the last admin who can sign in",
      "Without this account nobody could look after accounts and settings any more.",
      "Give somebody else the role admin first; they need a password.",
    ],
    de: [
      "Das ist der letzte Admin, der sich anmelden kann",
      "Ohne dieses Konto könnte sich niemand mehr um Konten und Einstellungen kümmern.",
      "Geben Sie zuerst jemand anderem die Rolle admin; das Konto braucht ein Passwort.",
    ],
  }),
  api_key_unknown: entry(404, "unaffected", "caller", {
    en: ["There is no such API key", "No key has this number.", "GET /api/v1/api-keys lists the keys."],
    de: [
      "Diesen API-Schlüssel gibt es nicht",
      "Kein API-Schlüssel hat diese Nummer.",
      "GET /api/v1/api-keys zeigt die API-Schlüssel.",
    ],
  }),
  role_exceeds_own: entry(422, "unchanged", "caller", {
    en: [
      "This role may do more than you",
      "Nobody can hand on more rights than they have.",
      "A key can have the rights of whoever makes it, or fewer. Choose another role, or ask an admin.",
    ],
    de: [
      "Diese Rolle darf mehr als Sie",
      "Niemand kann mehr Rechte weitergeben, als er selbst hat.",
      "Ein API-Schlüssel kann die Rechte dessen haben, der ihn erstellt, oder weniger. Wählen Sie eine andere Rolle, oder fragen Sie einen Admin.",
    ],
  }),
  clients_exceed_own: entry(422, "unchanged", "caller", {
    en: [
      "You are limited to other clients",
      "Whoever is limited to some clients of this installation makes sources, destinations, users and keys for these clients alone. `clients` or `client` names none, or others.",
      "Name one of your own clients, or ask an admin who has no limit.",
    ],
    de: [
      "Sie sind auf andere Kunden beschränkt",
      "Wer auf einzelne Kunden dieser Installation beschränkt ist, legt Quellen, Ziele, Konten und API-Schlüssel nur für diese Kunden an. `clients` oder `client` nennt keine oder andere.",
      "Nennen Sie einen Ihrer eigenen Kunden, oder fragen Sie einen Admin ohne Beschränkung.",
    ],
  }),
  expiry_past: entry(422, "unchanged", "caller", {
    en: [
      "This key would have expired already",
      "The day until which the key should be valid is over.",
      "`expires_at` must be in the future.",
    ],
    de: [
      "Dieser API-Schlüssel wäre schon abgelaufen",
      "Der Tag, bis zu dem er gelten soll, ist vorbei.",
      "`expires_at` muss in der Zukunft liegen. Wählen Sie einen späteren Tag.",
    ],
  }),
  setup_link_invalid: entry(404, "unchanged", "admin", {
    en: [
      "This link is not valid (any more)",
      "The link was used already, is too old, or was copied incompletely. A link works once, for 24 hours; the one of the first start as long as there is no user.",
      "An admin can make a new one: leadledger user setup-link <e-mail address>.",
    ],
    de: [
      "Dieser Link gilt nicht (mehr)",
      "Der Link wurde schon benutzt, ist zu alt oder unvollständig kopiert. Ein Link gilt einmal, 24 Stunden lang; der vom ersten Start, solange es kein Konto gibt.",
      "Ein Admin kann einen neuen erstellen: leadledger user setup-link <E-Mail-Adresse>.",
    ],
  }),
} as const satisfies Record<string, CatalogueEntry>;
