// Errors of the API about people, keys and passwords.
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { entry } from "./error-catalogue-entry.ts";

const unchanged = { en: "Nothing was changed.", de: "Es wurde nichts geändert." } as const;

export const accountErrors = {
  sign_in_refused: entry(
    401,
    [
      "E-mail address and password do not match",
      "Or the account is disabled, or locked for a while (a minute to an hour) because too many passwords were wrong. An admin can set a new password or make a set-up link.",
    ],
    [
      "E-Mail-Adresse und Passwort passen nicht zusammen",
      "Oder das Konto ist gesperrt: von einem Admin, oder für eine Weile (eine Minute bis eine Stunde), weil zu viele Passwörter falsch waren. Ein Admin kann ein neues Passwort setzen oder einen Einrichtungslink erstellen.",
    ],
  ),
  too_many_attempts: entry(
    429,
    [
      "Too many attempts in a short time",
      "No password was looked at. Wait for as many seconds as the header Retry-After says.",
    ],
    [
      "Zu viele Versuche in kurzer Zeit",
      "Es wurde kein Passwort geprüft. Warten Sie so viele Sekunden, wie die Kopfzeile Retry-After sagt.",
    ],
  ),
  passwords_busy: entry(
    503,
    [
      "Too many passwords are being checked at this moment",
      `${unchanged.en} Leads are taken all the same. Try again in a few seconds.`,
    ],
    [
      "Im Augenblick werden zu viele Passwörter geprüft",
      `${unchanged.de} Leads werden trotzdem angenommen. Versuchen Sie es in ein paar Sekunden noch einmal.`,
    ],
  ),
  password_wrong: entry(
    422,
    [
      "The current password is not the right one",
      `${unchanged.en} After five wrong ones in a row the account is locked for a while.`,
    ],
    [
      "Das bisherige Passwort stimmt nicht",
      `${unchanged.de} Nach fünf falschen hintereinander ist das Konto für eine Weile gesperrt.`,
    ],
  ),
  password_unsuitable: entry(
    422,
    ["This password cannot be used", `${unchanged.en} \`reason\` says what it lacks.`],
    ["Dieses Passwort eignet sich nicht", `${unchanged.de} \`reason\` sagt, woran es fehlt.`],
  ),
  own_password: entry(
    409,
    [
      "One's own password is changed with the current one",
      `${unchanged.en} Use PUT /api/v1/session/password.`,
    ],
    [
      "Das eigene Passwort wird mit dem bisherigen geändert",
      `${unchanged.de} Dafür gibt es PUT /api/v1/session/password.`,
    ],
  ),
  no_own_account: entry(
    409,
    [
      "These credentials are nobody's account",
      `${unchanged.en} Who signs in with a password can do this, an API key or the command line cannot.`,
    ],
    [
      "Zu dieser Anmeldung gehört kein Konto",
      `${unchanged.de} Wer sich mit einem Passwort anmeldet, kann das; ein API-Schlüssel oder die Kommandozeile nicht.`,
    ],
  ),
  user_unknown: entry(
    404,
    ["There is no such user", "GET /api/v1/users lists the users."],
    ["Dieses Konto gibt es nicht", "GET /api/v1/users zeigt die Konten."],
  ),
  login_taken: entry(
    409,
    [
      "There is an account with this e-mail address already",
      `${unchanged.en} Accounts are disabled, never removed; a disabled one can be enabled again.`,
    ],
    [
      "Ein Konto mit dieser E-Mail-Adresse gibt es schon",
      `${unchanged.de} Konten werden gesperrt, nie gelöscht; ein gesperrtes lässt sich wieder freigeben.`,
    ],
  ),
  last_admin: entry(
    409,
    [
      "This is the last admin who can sign in",
      `${unchanged.en} Give somebody else the role admin first; they need a password.`,
    ],
    [
      "Das ist der letzte Admin, der sich anmelden kann",
      `${unchanged.de} Geben Sie zuerst jemand anderem die Rolle admin; das Konto braucht ein Passwort.`,
    ],
  ),
  api_key_unknown: entry(
    404,
    ["There is no such API key", "GET /api/v1/api-keys lists the keys."],
    ["Diesen API-Schlüssel gibt es nicht", "GET /api/v1/api-keys zeigt die Schlüssel."],
  ),
  role_exceeds_own: entry(
    422,
    [
      "This role may do more than you",
      `${unchanged.en} A key can have the rights of whoever makes it, or fewer.`,
    ],
    [
      "Diese Rolle darf mehr als Sie",
      `${unchanged.de} Ein Schlüssel kann die Rechte dessen haben, der ihn erstellt, oder weniger.`,
    ],
  ),
  expiry_past: entry(
    422,
    ["This key would have expired already", `${unchanged.en} \`expires_at\` must be in the future.`],
    ["Dieser Schlüssel wäre schon abgelaufen", `${unchanged.de} \`expires_at\` muss in der Zukunft liegen.`],
  ),
  setup_link_invalid: entry(
    404,
    [
      "This link is not valid (any more)",
      `${unchanged.en} A link works once, for 24 hours; the one of the first start as long as there is no user. An admin can make a new one: leadledger user setup-link <e-mail address>.`,
    ],
    [
      "Dieser Link gilt nicht (mehr)",
      `${unchanged.de} Ein Link gilt einmal, 24 Stunden lang; der vom ersten Start, solange es kein Konto gibt. Ein Admin kann einen neuen erstellen: leadledger user setup-link <E-Mail-Adresse>.`,
    ],
  ),
} as const satisfies Record<string, CatalogueEntry>;
