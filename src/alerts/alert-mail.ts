// An alert as a mail from the installation's own account.
import { sendMail } from "../mail/send-mail.ts";
import type { MailDeps } from "../mail/send-mail.ts";
import { buttonHtml, mailColours, mailFont, pageHtml, paragraphHtml } from "../mail/message-frame.ts";
import type { OwnMessage } from "../mail/own-message.ts";
import { escapeHtml } from "../kinds/destinations/email/letter-html.ts";
import type { SendingEnd } from "../ledger/alerts/notifications.ts";
import type { AlertMessage, SaidAlert } from "./message.ts";
import { messageWords } from "./message-words.ts";
import type { SendAlertMail } from "./tell.ts";

export function alertMailer(deps: MailDeps, signal?: AbortSignal): SendAlertMail {
  return async ({ to, message, id }) => {
    const outcome = await sendMail(ownMessage(to, message, id, new Date(deps.nowMs())), deps, signal);
    return endOf(outcome);
  };
}

function endOf(outcome: Awaited<ReturnType<typeof sendMail>>): SendingEnd {
  switch (outcome.kind) {
    case "sent":
      return { kind: "sent", isProof: false };
    case "no_account":
      return {
        kind: "failed",
        code: "mail_missing",
        message: "the installation has no mail account",
        retryAfterMs: null,
      };
    case "failed":
      return { kind: "failed", code: outcome.code, message: outcome.message, retryAfterMs: null };
  }
}

export function ownMessage(to: readonly string[], message: AlertMessage, id: string, at: Date): OwnMessage {
  const { subject, language } = message;
  return {
    to,
    subject: `[LeadLedger] ${subject}`,
    text: alertText(message),
    html: alertHtml(message),
    id: `alert.${id}`,
    language,
    at,
  };
}

export function alertText({ subject, intro, alerts, link, footer, language }: AlertMessage): string {
  const parts = [
    subject,
    ...(intro === null ? [] : [intro]),
    ...alerts.map((alert) => textOf(alert, language)),
    ...(link === null ? [] : [`${link.text}:\n${link.href}`]),
    footer,
  ];
  return `${parts.join("\n\n")}\n`;
}

function textOf({ title, happened, safe, todo, facts, runs }: SaidAlert, language: "de" | "en"): string {
  const words = messageWords[language];
  return [
    title,
    ...(happened === "" ? [] : [happened]),
    ...(safe === "" ? [] : [`${words.safe} ${safe}`]),
    ...(todo === "" ? [] : [`${words.todo}: ${todo}`]),
    ...facts.map(({ label, text }) => `${label}: ${text}`),
    ...(runs.length === 0 ? [] : [`${words.leads}:`, ...runs.map(({ runId, href }) => `  ${href ?? runId}`)]),
  ].join("\n");
}

export function alertHtml({ subject, intro, alerts, link, footer, language, kind }: AlertMessage): string {
  const isOver = kind === "cleared";
  const body = [
    `<h1 class="ink" style="${style.title}">${escapeHtml(subject)}</h1>`,
    ...(intro === null ? [] : [paragraphHtml(intro)]),
    ...alerts.map((alert) => htmlOf(alert, language, isOver)),
    ...(link === null ? [] : [buttonHtml(link.href, link.text)]),
  ];
  return pageHtml(language, subject, body.join("\n"), [footer]);
}

function htmlOf(alert: SaidAlert, language: "de" | "en", isOver: boolean): string {
  const words = messageWords[language];
  const { title, happened, safe, todo, facts, runs, severity } = alert;
  const bar = isOver ? colours.over : colours[severity];
  return [
    `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:16px 0"><tr><td style="border-left:4px solid ${bar};padding:0 0 0 14px">`,
    `<p class="ink" style="${style.head}">${escapeHtml(title)}</p>`,
    happened === "" ? "" : `<p class="ink" style="${style.text}">${escapeHtml(happened)}</p>`,
    safe === "" ? "" : labelled(words.safe, safe),
    todo === "" ? "" : labelled(`${words.todo}:`, todo),
    `<table role="presentation" cellpadding="0" cellspacing="0">${facts.map(factHtml).join("")}</table>`,
    runs.length === 0
      ? ""
      : `<p class="faint" style="${style.runs}">${escapeHtml(words.leads)}:<br>${runs.map(runHtml).join("<br>")}</p>`,
    "</td></tr></table>",
  ].join("\n");
}

function labelled(label: string, text: string): string {
  return `<p class="ink" style="${style.text}"><strong>${escapeHtml(label)}</strong> ${escapeHtml(text)}</p>`;
}

function factHtml({ label, text }: SaidAlert["facts"][number]): string {
  return `<tr><td class="faint" valign="top" style="${style.label}">${escapeHtml(label)}</td><td class="ink" valign="top" style="${style.value}">${escapeHtml(text)}</td></tr>`;
}

function runHtml({ runId, href }: SaidAlert["runs"][number]): string {
  return href === null
    ? escapeHtml(runId)
    : `<a class="link" href="${escapeHtml(href)}" style="color:${mailColours.link}">${escapeHtml(runId)}</a>`;
}

const colours = { error: "#c62828", warning: "#b26a00", over: "#2e7d32" } as const;
const wraps = "overflow-wrap:anywhere;word-break:break-word";
const style = {
  title: `margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:700;color:${mailColours.ink};${mailFont};${wraps}`,
  head: `margin:0 0 6px;font-size:16px;line-height:1.4;font-weight:700;color:${mailColours.ink};${mailFont};${wraps}`,
  text: `margin:0 0 8px;font-size:15px;line-height:1.5;color:${mailColours.ink};${mailFont};${wraps}`,
  label: `padding:2px 14px 2px 0;font-size:14px;color:${mailColours.faint};${mailFont}`,
  value: `padding:2px 0;font-size:14px;color:${mailColours.ink};${mailFont};${wraps}`,
  runs: `margin:10px 0 0;font-size:13px;line-height:1.6;color:${mailColours.faint};${mailFont};${wraps}`,
};
