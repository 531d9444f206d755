// What is known of receivers that many point a webhook at: automations, whose answers say less than they seem to. Told by
// the address alone; rules of the destination's own come before these.
import type { AnswerRule } from "../../../domain/destinations/answer-rules.ts";

interface KnownReceiver {
  readonly name: string;
  readonly isAt: (url: URL) => boolean;
  readonly answers: readonly AnswerRule[];
}

/**
 * The same answer whether the Zap is on, off or deleted
 * (help.zapier.com/hc/en-us/articles/8496288690317).
 */
const zapier: KnownReceiver = {
  name: "Zapier",
  isAt: ({ hostname }) => isBelow(hostname, "hooks.zapier.com"),
  answers: [{ status: "2xx", outcome: "unproven" }],
};

/** Also for a scenario that is switched off, whose queue is emptied some day (all of it unsure). */
const make: KnownReceiver = {
  name: "Make",
  isAt: ({ hostname }) => /^hooks?\.(?:[a-z0-9-]+\.)?(?:make|integromat)\.com$/.test(hostname),
  answers: [
    { status: 200, body: { matches: "^[Aa]ccepted$" }, outcome: "unproven" },
    { status: 400, body: { matches: "[Qq]ueue is full" }, outcome: "transient", reason: "" },
    { status: 410, outcome: "configuration", reason: "" },
    // A module of the scenario's own has answered.
    { status: "2xx", outcome: "delivered" },
  ],
};

/** Workflows of Power Automate: the flow was started, no more. */
const powerAutomate: KnownReceiver = {
  name: "Power Automate",
  isAt: ({ hostname }) =>
    isBelow(hostname, "logic.azure.com") || isBelow(hostname, "environment.api.powerplatform.com"),
  answers: [{ status: 202, outcome: "unproven" }],
};

/**
 * n8n, wherever it runs, by the path of its production addresses. A workflow that is off answers 404, by a mistake of n8n's
 * some that are on, too (n8n #26195); "Immediately" answers before the workflow has run.
 */
const n8n: KnownReceiver = {
  name: "n8n",
  isAt: ({ hostname, pathname }) => pathname.startsWith("/webhook/") || isBelow(hostname, "app.n8n.cloud"),
  answers: [
    { status: 404, body: { matches: "requested webhook .*is not registered" }, outcome: "configuration" },
    {
      status: 200,
      header: { name: "content-type", matches: "json" },
      body: { matches: '"message"\\s*:\\s*"[Ww]orkflow was started"' },
      outcome: "unproven",
    },
    { status: "2xx", outcome: "delivered" },
  ],
};

export const knownReceivers: readonly KnownReceiver[] = [zapier, make, powerAutomate, n8n];

/** None, where nothing is known of it. */
export function answersKnownOf(url: URL): readonly AnswerRule[] {
  return knownReceivers.find(({ isAt }) => isAt(url))?.answers ?? [];
}

/** n8n listens there only while somebody looks at the editor, and for one call. */
export function isTestAddress({ pathname }: URL): boolean {
  return pathname.startsWith("/webhook-test/");
}

function isBelow(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`);
}
