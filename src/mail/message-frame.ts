// The frame of a message of LeadLedger's own, as HTML that mail programs show alike, on a phone and in the dark too, and as
// text: a title, paragraphs, one button. Tables, and styles on each element, because several programs know nothing else.
import { escapeHtml } from "../kinds/destinations/email/letter-html.ts";

export interface MessageFrame {
  readonly language: "de" | "en";
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** null: there is nothing to do. */
  readonly action: { readonly label: string; readonly url: string } | null;
  /** In small below it. */
  readonly notes: readonly string[];
}

export function messageText({ title, paragraphs, action, notes, language }: MessageFrame): string {
  const parts = [
    title,
    ...paragraphs,
    ...(action === null ? [] : [`${action.label}:\n${action.url}`]),
    ...notes,
    footer[language],
  ];
  return `${parts.join("\n\n")}\n`;
}

export function messageHtml(frame: MessageFrame): string {
  const { language, title, paragraphs, action, notes } = frame;
  const body = [
    `<h1 class="ink" style="${style.title}">${escapeHtml(title)}</h1>`,
    ...paragraphs.map((each) => paragraphHtml(each)),
    action === null ? "" : buttonHtml(action.url, action.label),
    ...notes.map((each) => `<p class="faint" style="${style.note}">${escapeHtml(each)}</p>`),
  ];
  return pageHtml(language, title, body.join("\n"), [footer[language]]);
}

export function paragraphHtml(text: string): string {
  return `<p class="ink" style="${style.paragraph}">${escapeHtml(text)}</p>`;
}

export function buttonHtml(url: string, label: string): string {
  return `<p style="margin:24px 0 8px"><a href="${escapeHtml(url)}" style="${style.button}">${escapeHtml(label)}</a></p>`;
}

/** `body`: HTML; `below`: texts under the card. */
export function pageHtml(
  language: "de" | "en",
  title: string,
  body: string,
  below: readonly string[],
): string {
  const footers = below.map((line) => `<p class="faint" style="${style.footer}">${escapeHtml(line)}</p>`);
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${darkRules}</style>
</head>
<body class="page" style="${style.body}">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="${style.outer}"><tr><td align="center" style="padding:16px 8px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="${style.card}"><tr><td align="left" style="padding:24px 16px">
${body}
</td></tr></table>
${footers.join("\n")}
</td></tr></table>
</body>
</html>
`;
}

const footer = {
  de: "Automatisch gesendet von LeadLedger",
  en: "Sent automatically by LeadLedger",
};

export const mailFont = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
export const mailColours = { ink: "#1f2933", faint: "#5a6672", line: "#d8dee4", link: "#0b5cad" } as const;
const wraps = "overflow-wrap:anywhere;word-break:break-word";

/** For programs that do not turn colours round by themselves: what has a class has a colour of its own in the dark. */
const darkRules = `@media (prefers-color-scheme: dark) {
.page { background: #14181d !important; }
.card { background: #1f252c !important; border-color: #3a434d !important; }
.ink { color: #e8ecf0 !important; }
.faint { color: #a9b4bf !important; }
.line { border-color: #3a434d !important; }
.link { color: #7ab8f5 !important; }
.picture { background: #ffffff !important; }
}`;

const style = {
  body: `margin:0;padding:0;background:#eef1f4;${mailFont}`,
  outer: "background:#eef1f4",
  card: "max-width:600px;background:#ffffff;border:1px solid #d8dee4;border-radius:8px",
  title: `margin:0 0 12px;font-size:22px;line-height:1.25;font-weight:700;color:${mailColours.ink};${mailFont};${wraps}`,
  paragraph: `margin:0 0 12px;font-size:16px;line-height:1.5;color:${mailColours.ink};${mailFont};${wraps}`,
  note: `margin:12px 0 0;font-size:14px;line-height:1.45;color:${mailColours.faint};${mailFont};${wraps}`,
  footer: `max-width:600px;margin:12px 0 0;font-size:13px;color:${mailColours.faint};${mailFont}`,
  button: `display:inline-block;padding:12px 20px;background:${mailColours.link};color:#ffffff;text-decoration:none;border-radius:6px;font-size:16px;font-weight:600;${mailFont}`,
};
