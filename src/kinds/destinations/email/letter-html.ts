// The letter about a lead as HTML that mail programs show alike, on a phone too: tables, and styles on each element, because
// several of them know nothing else.
import type { LeadLetter, LetterFact } from "./lead-letter.ts";

/** Text in HTML, between tags and within quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** `isAnsweredToLead`: whoever replies writes to the lead. */
export function letterHtml(letter: LeadLetter, isAnsweredToLead: boolean): string {
  const { words, about, message, answers, link, isKnownPerson } = letter;
  const parts = [
    `<p style="${style.title}">${escapeHtml(letter.title)}</p>`,
    `<h1 style="${style.who}">${escapeHtml(letter.who)}</h1>`,
    about === null ? "" : `<p style="${style.about}">${escapeHtml(about)}</p>`,
    isKnownPerson ? knownPerson(letter) : "",
    tableOf(letter.contact, style.value),
    message === null ? "" : `<p style="${style.label}">${escapeHtml(words.message)}</p>${quoted(message)}`,
    answers.length === 0 ? "" : `<h2 style="${style.section}">${escapeHtml(words.answers)}</h2>`,
    tableOf(answers, style.value),
    link === null ? "" : button(link, words.open),
    letter.contactLink === null
      ? ""
      : `<p style="${style.faint}"><a href="${escapeHtml(letter.contactLink)}" style="${style.link}">${escapeHtml(words.contacted)}</a></p>`,
    `<div style="${style.origin}">${tableOf(letter.origin, style.faint)}</div>`,
  ];
  const reply = isAnsweredToLead ? words.reply(letter.who) : "";
  return page(words.lang, letter.subject, parts.join("\n"), [reply, words.footer]);
}

/** A text of somebody's own, in the same frame. */
export function textAsHtml({ words, subject }: LeadLetter, text: string): string {
  return page(words.lang, subject, `<div style="${style.text}">${lines(text)}</div>`, []);
}

function knownPerson({ words, earlierLink }: LeadLetter): string {
  const anchor =
    earlierLink === null
      ? ""
      : ` <a href="${escapeHtml(earlierLink)}" style="${style.link}">${words.earlier}</a>`;
  return `<p style="${style.known}">${escapeHtml(words.again)}${anchor}</p>`;
}

function quoted(message: string): string {
  return `<div style="${style.message}">${lines(message)}</div>`;
}

function tableOf(facts: readonly LetterFact[], valueStyle: string): string {
  if (facts.length === 0) return "";
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="${style.table}">${facts
    .map((fact) => rowOf(fact, valueStyle))
    .join("")}</table>`;
}

/** The label above the value, so that neither is squeezed on a phone. */
function rowOf({ label, lines: said }: LetterFact, valueStyle: string): string {
  const head = label === "" ? "" : `<div style="${style.label}">${escapeHtml(label)}</div>`;
  const values = said.map(({ text, href }) =>
    href === null
      ? escapeHtml(text)
      : `<a href="${escapeHtml(href)}" style="${style.link}">${escapeHtml(text)}</a>`,
  );
  return `<tr><td style="${style.cell}">${head}<div style="${valueStyle}">${values.join("<br>")}</div></td></tr>`;
}

function button(href: string, label: string): string {
  return `<p style="margin:24px 0 8px"><a href="${escapeHtml(href)}" style="${style.button}">${escapeHtml(label)}</a></p>`;
}

function lines(text: string): string {
  return escapeHtml(text).replaceAll("\n", "<br>\n");
}

function page(language: string, title: string, body: string, below: readonly string[]): string {
  const footer = below
    .filter((line) => line !== "")
    .map((line) => `<p style="${style.footer}">${escapeHtml(line)}</p>`)
    .join("\n");
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(title)}</title>
</head>
<body style="${style.body}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="${style.outer}"><tr><td align="center" style="padding:16px 8px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="${style.card}"><tr><td align="left" style="${style.inner}">
${body}
</td></tr></table>
${footer}
</td></tr></table>
</body>
</html>
`;
}

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const ink = "color:#1f2933";
const faint = "color:#5a6672";
const wraps = "overflow-wrap:anywhere;word-break:break-word";
const style = {
  body: `margin:0;padding:0;background:#eef1f4;${font}`,
  outer: "background:#eef1f4",
  card: "max-width:600px;background:#ffffff;border:1px solid #d8dee4;border-radius:8px",
  inner: "padding:24px",
  title: `margin:0;font-size:14px;${faint};${font}`,
  who: `margin:2px 0 4px;font-size:24px;line-height:1.25;font-weight:700;${ink};${font};${wraps}`,
  about: `margin:0 0 8px;font-size:17px;line-height:1.4;${ink};${font};${wraps}`,
  known: `margin:12px 0;padding:8px 12px;background:#fff6dd;border-radius:6px;font-size:15px;${ink};${font}`,
  section: `margin:24px 0 4px;padding-top:16px;border-top:1px solid #d8dee4;font-size:15px;${ink};${font}`,
  table: "border-collapse:collapse;table-layout:fixed",
  cell: "padding:6px 0;vertical-align:top",
  label: `margin:0;font-size:13px;line-height:1.4;${faint};${font};${wraps}`,
  value: `font-size:16px;line-height:1.45;${ink};${font};${wraps}`,
  faint: `font-size:14px;line-height:1.45;${ink};${font};${wraps}`,
  text: `font-size:16px;line-height:1.5;${ink};${font};${wraps}`,
  message: `margin:4px 0 8px;padding:10px 14px;border-left:4px solid #b6c2cd;background:#f6f8fa;font-size:16px;line-height:1.5;${ink};${font};${wraps}`,
  link: "color:#0b5cad;text-decoration:underline",
  button: `display:inline-block;padding:11px 18px;background:#0b5cad;border-radius:6px;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none;${font}`,
  origin: "margin-top:20px;padding-top:8px;border-top:1px solid #d8dee4",
  footer: `margin:12px 8px 0;max-width:600px;font-size:13px;line-height:1.4;${faint};${font}`,
} as const;
