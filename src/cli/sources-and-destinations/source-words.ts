// What `leadledger source show` says of a source's rules in words.
import type { Texts } from "../frame/language.ts";

/** As the API shows a source's `key`; null: the header is required. */
export function keyText(key: Readonly<Record<string, unknown>> | null): Texts {
  const { header, pointer, body_hash: within } = key ?? {};
  if (typeof pointer === "string") return { en: `${pointer} in the lead`, de: `${pointer} im Lead` };
  if (typeof within !== "string")
    return { en: "header Idempotency-Key, required", de: "Header Idempotency-Key, Pflicht" };
  return header === undefined
    ? { en: `the same content within ${within}`, de: `gleicher Inhalt binnen ${within}` }
    : {
        en: `header Idempotency-Key, else the same content within ${within}`,
        de: `Header Idempotency-Key, sonst gleicher Inhalt binnen ${within}`,
      };
}

/** As the API shows a source's `person`: JSON pointers. */
export function personText({ email, phone }: Person): Texts {
  const of = (words: Readonly<Record<"email" | "phone", string>>): string =>
    [email == null ? [] : [`${words.email} ${email}`], phone == null ? [] : [`${words.phone} ${phone}`]]
      .flat()
      .join(", ");
  return { en: of({ email: "e-mail", phone: "phone" }), de: of({ email: "E-Mail", phone: "Telefon" }) };
}

interface Person {
  readonly email?: string | null;
  readonly phone?: string | null;
}
