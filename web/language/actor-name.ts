// Who did something, in words.
import type { Language } from "./languages.ts";

/** `name`: what a user or key is called, as far as that is known. */
export function actorName(actor: string, language: Language, name: string | null = null): string {
  const text = texts[language];
  const [kind = "", ...rest] = actor.split(":");
  const who = rest.join(":");
  switch (kind) {
    case "webhook":
      return text.webhook;
    case "delivery":
      return text.delivery;
    case "system":
      return text.system;
    case "user":
      return name ?? text.user(who);
    case "key":
      return text.key(name ?? who);
    case "cli":
      return text.cli(who);
    case "db":
      return text.db(who);
    default:
      return actor;
  }
}

const texts = {
  de: {
    webhook: "Absender",
    delivery: "LeadLedger (Zustellung)",
    system: "LeadLedger",
    user: (id: string) => `Benutzer ${id}`,
    key: (name: string) => `API-Schlüssel ${name}`,
    cli: (name: string) => `${name} (Kommandozeile)`,
    db: (role: string) => `${role} (SQL von Hand)`,
  },
  en: {
    webhook: "Sender",
    delivery: "LeadLedger (delivery)",
    system: "LeadLedger",
    user: (id: string) => `User ${id}`,
    key: (name: string) => `API key ${name}`,
    cli: (name: string) => `${name} (command line)`,
    db: (role: string) => `${role} (SQL by hand)`,
  },
};
