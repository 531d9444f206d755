// What a sender should be corrected for although its lead was taken: told in the answer and on the source's page.
import { explained } from "../errors/explained.ts";
import type { Explained, Language } from "../errors/explained.ts";
import type { ReadAs } from "../leads/lead-body.ts";

/** The body is not what Content-Type says. */
export interface SenderNotice {
  readonly code: "content_type_wrong";
  readonly readAs: ReadAs;
  /** Type and charset of the Content-Type, cut to what can be shown; null: there was none. */
  readonly sent: string | null;
}

export function senderNotice(readAs: ReadAs, contentType: string | undefined): SenderNotice {
  const shown = (contentType ?? "").replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "").trim();
  return {
    code: "content_type_wrong",
    readAs,
    sent: shown === "" ? null : shown.slice(0, sentCharactersMax),
  };
}

/** One or two sentences for whoever reads the answer. */
export function noticeText({ readAs, sent }: SenderNotice, language: Language): string {
  const { name, mediaType } = formats[readAs];
  if (language === "de") {
    const but = sent === null ? "Content-Type fehlt" : `Content-Type nennt „${sent}“`;
    return `Der Inhalt ist ${name.de}, aber ${but}. LeadLedger hat ihn als ${name.de} gelesen; berichtigen Sie den Absender: Content-Type: ${mediaType}`;
  }
  const but = sent === null ? "there is no Content-Type" : `Content-Type says "${sent}"`;
  return `The body is ${name.en}, but ${but}. LeadLedger has read it as ${name.en}; correct the sender: Content-Type: ${mediaType}`;
}

const formats: Readonly<
  Record<ReadAs, { readonly name: Readonly<Record<Language, string>>; readonly mediaType: string }>
> = {
  json: { name: { en: "JSON", de: "JSON" }, mediaType: "application/json" },
  multipart: {
    name: { en: "a form with several parts", de: "ein mehrteiliges Formular" },
    mediaType: "multipart/form-data; boundary=…",
  },
};

const sentCharactersMax = 100;

export const senderNoticeTexts = {
  content_type_wrong: explained("taken", "sender", {
    en: [
      "The data are not what Content-Type says",
      "The sender calls its data a form or a text, for example, but they are JSON. LeadLedger has recognised that and read them as what they are; other programs would mangle them.",
      "Nothing is lost. Let the sender name the right Content-Type: for JSON it is application/json.",
    ],
    de: [
      "Die Daten sind etwas anderes, als Content-Type sagt",
      "Der Absender bezeichnet seine Daten zum Beispiel als Formular oder als Text, tatsächlich sind sie JSON. LeadLedger hat das erkannt und sie richtig gelesen; andere Programme würden sie verstümmeln.",
      "Verloren ist nichts. Der Absender sollte den richtigen Content-Type nennen: für JSON ist das application/json.",
    ],
  }),
} as const satisfies Record<SenderNotice["code"], Explained>;
