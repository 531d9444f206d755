// Who did something, in words.
import type { Language } from "./language.tsx";

/** `users` and `keys`: names by id, as far as they are known to the reader. */
export function actorName(
  actor: string,
  language: Language,
  users: ReadonlyMap<string, string> = new Map(),
): string {
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
      return users.get(who) ?? text.user(who);
    case "key":
      return text.key(who);
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
    delivery: "Zustellung",
    system: "LeadLedger",
    user: (id: string) => `Benutzer ${id}`,
    key: (id: string) => `API-Schlüssel ${id}`,
    cli: (name: string) => `${name} (Kommandozeile)`,
    db: (role: string) => `${role} (SQL von Hand)`,
  },
  en: {
    webhook: "Sender",
    delivery: "Delivery",
    system: "LeadLedger",
    user: (id: string) => `User ${id}`,
    key: (id: string) => `API key ${id}`,
    cli: (name: string) => `${name} (command line)`,
    db: (role: string) => `${role} (SQL by hand)`,
  },
};
