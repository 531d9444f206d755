// Who came and went, and who may work with the installation.
import type { EventType } from "./event-type.ts";

export const accountEvents = {
  signed_in: {
    topic: "audit",
    writtenBy: "program",
    members: { user_id: "number", address: "text" },
    name: { en: "Signed in", de: "Angemeldet" },
    when: { en: "somebody signed in", de: "sich jemand anmeldete" },
    payload: '`{"user_id": 3, "address": "203.0.113.7"}`',
  },
  signed_out: {
    topic: "audit",
    writtenBy: "program",
    weakensCredentials: true,
    members: { user_id: "number" },
    name: { en: "Signed out", de: "Abgemeldet" },
    when: { en: "somebody signed out", de: "sich jemand abmeldete" },
    payload: '`{"user_id": 3}`',
  },
  sign_in_refused: {
    topic: "audit",
    writtenBy: "program",
    members: { user_id: "number|null", reason: "text", address: "text", count: "number" },
    name: { en: "Sign-in refused", de: "Anmeldung abgewiesen" },
    when: {
      en: "attempts to sign in were refused; one event per account, reason and address every 10 s. `user_id` is empty where there is no such account",
      de: "Anmeldungen abgewiesen wurden; alle 10 s ein Ereignis je Konto, Grund und Adresse. `user_id` ist leer, wo es kein solches Konto gibt",
    },
    payload: '`{"user_id": 3, "reason": "wrong_password", "address": "203.0.113.7", "count": 4}`',
  },
  user_locked: {
    topic: "audit",
    writtenBy: "program",
    members: { user_id: "number", failed_sign_ins: "number", locked_until: "time" },
    name: { en: "Account locked for a while", de: "Konto vorübergehend gesperrt" },
    when: {
      en: "too many passwords in a row were wrong",
      de: "zu viele Passwörter hintereinander falsch waren",
    },
    payload: '`{"user_id": 3, "failed_sign_ins": 5, "locked_until": "…"}`',
  },
  user_created: {
    topic: "audit",
    writtenBy: "program",
    members: { user_id: "number", role: "text", clients: "json?" },
    name: { en: "Account made", de: "Konto angelegt" },
    when: { en: "an account was made", de: "ein Konto angelegt wurde" },
    payload: '`{"user_id": 3, "role": "sales", "clients": null}`',
  },
  user_changed: {
    topic: "audit",
    writtenBy: "program",
    weakensCredentials: true,
    members: { user_id: "number", fields: "texts", role: "json?", clients: "json?" },
    name: { en: "Account changed", de: "Konto geändert" },
    when: {
      en: "something about an account was changed; the names of what, never a password",
      de: "an einem Konto etwas geändert wurde; was, aber nie ein Passwort",
    },
    payload: '`{"user_id": 3, "fields": ["role"], "role": {"from": "sales", "to": "operator"}}`',
  },
  setup_link_created: {
    topic: "audit",
    writtenBy: "program",
    members: { user_id: "number" },
    name: { en: "Set-up link made", de: "Einrichtungslink erstellt" },
    when: {
      en: "a link was made with which somebody sets their password",
      de: "ein Link entstand, mit dem jemand sein Passwort festlegt",
    },
    payload: '`{"user_id": 3}`',
  },
  api_key_created: {
    topic: "audit",
    writtenBy: "program",
    members: {
      key_id: "number",
      name: "text",
      role: "text",
      clients: "json?",
      prefix: "text",
      expires_at: "time|null",
    },
    name: { en: "API key made", de: "API-Schlüssel erstellt" },
    when: { en: "an API key was made", de: "ein API-Schlüssel erstellt wurde" },
    payload: {
      en: '`{"key_id": 5, "name": "reporting", "role": "viewer", "clients": ["muster"], "prefix": "ll_Ab3xYz", "expires_at": null}`',
      de: '`{"key_id": 5, "name": "auswertung", "role": "viewer", "clients": ["muster"], "prefix": "ll_Ab3xYz", "expires_at": null}`',
    },
  },
  api_key_revoked: {
    topic: "audit",
    writtenBy: "program",
    weakensCredentials: true,
    members: { key_id: "number", name: "text" },
    name: { en: "API key revoked", de: "API-Schlüssel widerrufen" },
    when: { en: "an API key was revoked", de: "ein API-Schlüssel widerrufen wurde" },
    payload: { en: '`{"key_id": 5, "name": "reporting"}`', de: '`{"key_id": 5, "name": "auswertung"}`' },
  },
} as const satisfies Readonly<Record<string, EventType>>;
