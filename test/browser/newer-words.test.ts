// A page of the dashboard that stays open while its installation is upgraded: states, outcomes, kinds and codes that it has
// never heard of stand there as they are, and no view breaks on them.
import { describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { useDashboardScene } from "../support/dashboard-scene.ts";
import type { DashboardScene } from "../support/dashboard-scene.ts";
import { useBrowser } from "../support/browser.ts";
import { until } from "../support/until.ts";

const scene = useDashboardScene();
const browser = useBrowser(scene);

const newer = "newer_word";
/** Members of answers that hold one of a fixed set of words. */
const worded: ReadonlySet<string> = new Set([
  ...[
    "status",
    "outcome",
    "state",
    "held_reason",
    "resolution",
    "error_code",
    "action",
    "event_type",
    "reason",
  ],
  ...[
    "kind",
    "result",
    "severity",
    "code",
    "by",
    "shown",
    "area",
    "safe",
    "responsible",
    "managed_by",
    "role",
  ],
  ...[
    "timezone_managed_by",
    "next_attempt",
    "destination_state",
    "obstacle",
    "on_bad_credentials",
    "on_key_reuse",
    "then",
  ],
]);
/** By which the page is built, not told: a newer page comes with its own. */
const asTheyAre = [/\/api\/v1\/forms/, /\/api\/v1\/session/, /\/samples/, /\/api\/v1\/events/];

function renewed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renewed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]) => [
      member,
      worded.has(member) && typeof inner === "string" ? newer : renewed(inner),
    ]),
  );
}

async function meetNewerWords(page: Page): Promise<void> {
  await page.route("**/api/v1/**", async (route) => {
    if (route.request().method() !== "GET" || asTheyAre.some((path) => path.test(route.request().url())))
      return route.continue();
    const response = await route.fetch();
    if (!response.headers()["content-type"]?.startsWith("application/json"))
      return route.fulfill({ response });
    return route.fulfill({ response, json: renewed(await response.json()) });
  });
}

interface View {
  readonly path: (scene: DashboardScene) => string;
  /** Whether such a word must be seen there. */
  readonly isTold: boolean;
}

const views: readonly View[] = [
  { path: () => "/", isTold: true },
  { path: () => "/attention", isTold: false },
  { path: () => "/attention/entries?status=open", isTold: true },
  { path: ({ entryId }) => `/attention/${entryId}`, isTold: true },
  { path: () => "/attention/operations", isTold: true },
  { path: ({ operationId }) => `/attention/operations/${operationId}`, isTold: true },
  { path: () => "/figures", isTold: false },
  { path: () => "/errors", isTold: false },
  { path: () => "/errors/destination_auth", isTold: false },
  { path: () => "/sources", isTold: false },
  { path: () => "/sources/website", isTold: false },
  { path: () => "/destinations", isTold: false },
  { path: () => "/destinations/crm", isTold: false },
  { path: () => "/leads", isTold: true },
  { path: ({ runIds }) => `/leads/${runIds.delivered}`, isTold: true },
  { path: ({ runIds }) => `/leads/${runIds.undecided}`, isTold: true },
  { path: ({ runIds }) => `/leads/${runIds.refused}`, isTold: true },
  { path: () => "/log", isTold: true },
  { path: () => "/settings/users", isTold: true },
  { path: () => "/settings/api-keys", isTold: false },
  { path: () => "/settings/installation", isTold: false },
];

describe("a page that is older than its installation", () => {
  test("shows words that it does not know as they are, in every view", { timeout: 240_000 }, async () => {
    const page = await browser.open("/settings", { language: "de" });
    await meetNewerWords(page);
    const broken: string[] = [];
    for (const { path, isTold } of views) {
      await page.goto(path(scene));
      const main = page.locator("main");
      await until(
        `${path(scene)}: what it loads`,
        async () =>
          (await page.locator("h1, [role=alert]").count()) > 0 &&
          (await main.locator('[aria-busy="true"]').count()) === 0,
      );
      const text = await main.innerText();
      const isBroken = /konnte nicht geladen werden|undefined|\[object/.test(text);
      if (isBroken || (isTold && !/newer[_ ]word/i.test(text))) broken.push(`${path(scene)}: ${text}`);
    }
    expect(broken).toEqual([]);
  });
});
