// Why a request is kept aside although its sender gets the answer of a lead that was taken: it looks like spam. A code
// never changes its meaning; it is the `error_code` of what the quarantine keeps.
import { explained } from "../errors/explained.ts";
import type { Explained } from "../errors/explained.ts";

export const suspicions = ["spam_honeypot", "spam_haste", "spam_origin", "spam_address"] as const;

export type Suspicion = (typeof suspicions)[number];

export const suspicionTexts = {
  spam_honeypot: explained("aside", "sales", {
    en: [
      "Probably spam: the hidden field was filled in",
      "A form came with something in the field that people do not see. Programs fill in every field. Now and then a browser does so, too, for a visitor who never notices.",
      "Look at it: if a person wrote it, release it. If this happens to people, call the field something that no browser knows (`honeypot`), not “website” or “phone”.",
    ],
    de: [
      "Vermutlich Spam: Das versteckte Feld war ausgefüllt",
      "Ein Formular kam mit einem Inhalt in dem Feld, das Menschen nicht sehen. Programme füllen jedes Feld aus. Ab und zu tut das auch ein Browser, ohne dass der Besucher es merkt.",
      "Sehen Sie es sich an: Hat es ein Mensch geschrieben, nehmen Sie es an. Trifft es öfter Menschen, geben Sie dem Feld einen Namen, den kein Browser kennt (`honeypot`), nicht „website“ oder „telefon“.",
    ],
  }),
  spam_haste: explained("aside", "sales", {
    en: [
      "Probably spam: sent at once, and full of links",
      "A form came faster than anybody can write it, with several links in its text. Haste alone is no reason; both together are.",
      "Look at it: if a person wrote it, release it. `min_fill_time` says what is fast.",
    ],
    de: [
      "Vermutlich Spam: sofort abgeschickt und voller Links",
      "Ein Formular kam schneller, als es jemand schreiben kann, und in seinem Text stehen mehrere Links. Eile allein ist kein Grund, beides zusammen schon.",
      "Sehen Sie es sich an: Hat es ein Mensch geschrieben, nehmen Sie es an. Was als schnell gilt, sagt `min_fill_time`.",
    ],
  }),
  spam_origin: explained("aside", "operator", {
    en: [
      "It came from a website that is not in the list",
      "A form came from a page whose address is not among the `origins` of this source. Either somebody uses your form's address elsewhere, or a website of yours is missing from the list: with and without “www.” are two.",
      "Look at it. If the page is yours, add its address to `origins`, then release what is kept.",
    ],
    de: [
      "Es kam von einer Website, die nicht in der Liste steht",
      "Ein Formular kam von einer Seite, deren Adresse nicht unter den `origins` dieser Quelle steht. Entweder nutzt jemand die Adresse Ihres Formulars anderswo, oder in der Liste fehlt eine Ihrer Websites: mit und ohne „www.“ sind zwei.",
      "Sehen Sie es sich an. Gehört die Seite Ihnen, nehmen Sie ihre Adresse in `origins` auf und dann das Aufbewahrte an.",
    ],
  }),
  spam_address: explained("aside", "operator", {
    en: [
      "Too many forms from one address of the network",
      "More forms came from one address within a while than `address_limit` allows. It may be a program, or many people behind one connection: an office, a trade fair, a mobile network.",
      "Look at them: release what people wrote, and raise `address_limit` if it was many people. If all visitors seem to come from one address, a reverse proxy is missing from `trust_proxy`.",
    ],
    de: [
      "Zu viele Formulare von einer Netzwerkadresse",
      "Von einer Adresse kamen in kurzer Zeit mehr Formulare, als `address_limit` erlaubt. Das kann ein Programm sein, oder viele Menschen hinter einem Anschluss: ein Büro, ein Messestand, ein Mobilfunknetz.",
      "Sehen Sie sie sich an: Nehmen Sie an, was Menschen geschrieben haben, und erhöhen Sie `address_limit`, wenn es viele waren. Scheinen alle Besucher von einer Adresse zu kommen, fehlt ein Reverse-Proxy in `trust_proxy`.",
    ],
  }),
} as const satisfies Readonly<Record<Suspicion, Explained>>;
