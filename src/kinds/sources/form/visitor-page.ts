// The page that a visitor sees whose form came here: complete in itself, without a script, in German and English.
import { hash } from "node:crypto";
import { languageOf } from "../../../domain/errors/accept-language.ts";
import type { Language } from "../../../domain/errors/explained.ts";
import { headerValue } from "../../../domain/sources/request-headers.ts";
import type { RequestHeaders } from "../../../domain/sources/request-headers.ts";
import type { Answered, SourceAnswer } from "../source-kind.ts";

/** What became of the visitor's message; `kept`: it is here, but nobody could read it yet. */
export type Message = "thanks" | "kept" | "too_large" | "later" | "not_taken" | "nothing_here";

export interface VisitorPage {
  readonly message: Message;
  readonly status: number;
  readonly headers: RequestHeaders;
  /** The page that the form is on; null: not known. */
  readonly back: string | null;
  readonly retryAfterSeconds: number | null;
}

/** Whether a browser shows the answer to a person: scripts and programs ask for no HTML. */
export function wantsPage(headers: RequestHeaders): boolean {
  return /\btext\/html\b/i.test(headerValue(headers, "accept") ?? "");
}

export function messageOf({ outcome, status }: Answered): Message {
  switch (outcome) {
    case "taken":
    case "duplicate":
      return "thanks";
    case "refused":
      return "kept";
    case "later":
      return "later";
    case "turned_away":
      return status === 413 ? "too_large" : "not_taken";
  }
}

export function visitorPage({
  message,
  status,
  headers,
  back,
  retryAfterSeconds,
}: VisitorPage): SourceAnswer {
  const language = languageOf(headerValue(headers, "accept-language"));
  const isFailure = message !== "thanks" && message !== "kept";
  const { title, paragraphs } = texts[language][message];
  const wait = message === "later" ? [texts[language].wait(minutesOf(retryAfterSeconds))] : [];
  const link = back === null ? "" : `<p><a href="${escaped(back)}">${texts[language].back}</a></p>`;
  const told = [...paragraphs, ...wait].map((each) => `<p>${escaped(each)}</p>`).join("\n");
  return {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": `default-src 'none'; style-src 'sha256-${styleDigest}'; base-uri 'none'; form-action 'none'`,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      // A token may stand in the address.
      "Referrer-Policy": "no-referrer",
      "Content-Language": language,
      ...(retryAfterSeconds === null ? {} : { "Retry-After": String(retryAfterSeconds) }),
    },
    body: pageOf(language, title, `<div role="${isFailure ? "alert" : "status"}">\n${told}\n</div>\n${link}`),
  };
}

function minutesOf(seconds: number | null): number {
  return Math.max(1, Math.ceil((seconds ?? 60) / 60));
}

function pageOf(language: Language, title: string, content: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${content}
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `:root{color-scheme:light dark}
body{font:1.125rem/1.5 system-ui,sans-serif;margin:0;background:#fff;color:#1c1c1c}
main{max-width:34rem;margin:4rem auto;padding:0 1rem}
h1{font-size:1.75rem;line-height:1.2}
a{display:inline-block;padding:.5rem 0;color:#0b4f9e}
@media (prefers-color-scheme:dark){body{background:#1c1c1c;color:#f2f2f2}a{color:#9cc7ff}}
a:focus-visible{outline:3px solid Highlight;outline-offset:2px}`;

const styleDigest = hash("sha256", style, "base64");

interface Words {
  readonly title: string;
  readonly paragraphs: readonly string[];
}

const texts: Readonly<
  Record<
    Language,
    Readonly<Record<Message, Words>> & { readonly back: string; wait(minutes: number): string }
  >
> = {
  en: {
    back: "Back to the website",
    wait: (minutes) =>
      `Please try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}, or contact us in another way.`,
    thanks: { title: "Thank you", paragraphs: ["Your message has arrived. We will get back to you."] },
    kept: {
      title: "Your message is here",
      paragraphs: [
        "It has arrived, but it could not be read properly. It is kept, and somebody will look at it.",
        "You need not send it again. If it is urgent, please contact us in another way as well.",
      ],
    },
    too_large: {
      title: "That was too much at once",
      paragraphs: [
        "Your message was not sent, because it is too large: most likely because of a file that is attached.",
        "Please go back, leave the file out or choose a smaller one, and send it again. Your browser usually keeps what you have typed.",
      ],
    },
    later: {
      title: "That did not work just now",
      paragraphs: [
        "Your message was not sent. Please go back: your browser usually keeps what you have typed.",
      ],
    },
    not_taken: {
      title: "Your message was not sent",
      paragraphs: [
        "There is a fault in this form, not in what you have typed. Sending it again will not help.",
        "Please contact us in another way, and tell us that the form does not work.",
      ],
    },
    nothing_here: {
      title: "There is nothing to see here",
      paragraphs: ["This is where a form is sent to. Nothing was sent just now."],
    },
  },
  de: {
    back: "Zurück zur Website",
    wait: (minutes) =>
      `Bitte versuchen Sie es in ${minutes === 1 ? "einer Minute" : `${minutes} Minuten`} noch einmal, oder melden Sie sich auf einem anderen Weg bei uns.`,
    thanks: {
      title: "Vielen Dank",
      paragraphs: ["Ihre Nachricht ist angekommen. Wir melden uns bei Ihnen."],
    },
    kept: {
      title: "Ihre Nachricht ist da",
      paragraphs: [
        "Sie ist angekommen, ließ sich aber nicht richtig lesen. Sie ist aufbewahrt, und jemand sieht sie sich an.",
        "Sie müssen sie nicht noch einmal senden. Wenn es eilt, melden Sie sich bitte zusätzlich auf einem anderen Weg.",
      ],
    },
    too_large: {
      title: "Das war zu viel auf einmal",
      paragraphs: [
        "Ihre Nachricht wurde nicht gesendet, weil sie zu groß ist: höchstwahrscheinlich wegen einer angehängten Datei.",
        "Bitte gehen Sie zurück, lassen Sie die Datei weg oder wählen Sie eine kleinere, und senden Sie noch einmal. Was Sie eingegeben haben, hat Ihr Browser meistens noch.",
      ],
    },
    later: {
      title: "Das hat gerade nicht geklappt",
      paragraphs: [
        "Ihre Nachricht wurde nicht gesendet. Bitte gehen Sie zurück: Was Sie eingegeben haben, hat Ihr Browser meistens noch.",
      ],
    },
    not_taken: {
      title: "Ihre Nachricht wurde nicht gesendet",
      paragraphs: [
        "Mit diesem Formular stimmt etwas nicht; an Ihren Eingaben liegt es nicht. Noch einmal senden hilft nicht.",
        "Bitte melden Sie sich auf einem anderen Weg bei uns und sagen Sie uns, dass das Formular nicht funktioniert.",
      ],
    },
    nothing_here: {
      title: "Hier gibt es nichts zu sehen",
      paragraphs: ["Hierhin wird ein Formular geschickt. Gesendet wurde gerade nichts."],
    },
  },
};
