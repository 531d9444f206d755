// Every view, in both languages, light and dark, wide and on a phone: nothing that axe finds, nothing wider than the window,
// no word of the other language in the navigation; and a screenshot of each for people to look at. Every day each view is
// seen in one of these ways, in turn.
import { beforeAll, describe, expect, test } from "vitest";
import { useDashboardScene } from "../support/dashboard-scene.ts";
import type { DashboardScene, Fate } from "../support/dashboard-scene.ts";
import { accessibilityFindings, overflowPx, screenshot, useBrowser } from "../support/browser.ts";
import type { Viewing } from "../support/browser.ts";
import { until } from "../support/until.ts";

const scene = useDashboardScene();
const browser = useBrowser(scene);

beforeAll(async () => {
  const quick = { name: "quick", label: "In fünf Minuten beim Ziel", measure: "delivered", within: "5m" };
  const called = {
    name: "called",
    measure: "contacted",
    within: "15m",
    opening_hours: ["mon-fri 08:00-18:00"],
  };
  for (const sla of [quick, called]) await made("/sla", { ...sla, share: "99.5%" });
  await made("/alert-recipients", { name: "team", kind: "email", to: ["team@example.com"] });
  await made(`/runs/${scene.runIds.delivered}/contacted`, {});
  const daily = { to: ["anna@example.com"], at: "07:30" };
  expect(await scene.api.put("/reports", { daily })).toMatchObject({ status: 200 });
  for (const [key, state] of [
    ["now", "raised"],
    ["before", "cleared"],
  ] as const)
    await scene.query(
      `INSERT INTO internal.alerts (key, code, severity, subject_kind, cause, alarm, state, raised_at, cleared_at)
       VALUES ($1, 'deliveries_stopped', 'error', 'installation', 'deliveries_stopped',
         '{"code": "deliveries_stopped", "severity": "error", "by": "user:1", "reason": null, "since": "2026-11-30T08:00:00Z"}',
         $2, now(), CASE WHEN $2 = 'cleared' THEN now() END)`,
      [key, state],
    );
}, 30_000);

async function made(path: string, body: Readonly<Record<string, unknown>>): Promise<void> {
  const { status, json } = await scene.api.post(path, body);
  if (status >= 300) throw new Error(`${path}: ${JSON.stringify(json)}`);
}

interface View {
  readonly name: string;
  readonly path: (scene: DashboardScene) => string;
  /** Its first heading. */
  readonly title: { readonly de: RegExp; readonly en: RegExp };
}

const views: readonly View[] = [
  { name: "overview", path: () => "/", title: { de: /Übersicht/, en: /Overview/ } },
  { name: "attention", path: () => "/attention", title: { de: /Klärfälle/, en: /Needs attention/ } },
  {
    name: "attention-entries",
    path: () => "/attention/entries?destination=crm&status=open&status=retrying&kind=delivery",
    title: { de: /Klärfälle: crm/, en: /Needs attention: crm/ },
  },
  {
    name: "attention-entry",
    path: ({ entryId }) => `/attention/${entryId}`,
    title: { de: /Klärfall \d+/, en: /Case \d+/ },
  },
  {
    name: "attention-edit",
    path: ({ entryId }) => `/attention/${entryId}/edit`,
    title: { de: /Klärfall \d+ bearbeiten/, en: /Edit case \d+/ },
  },
  {
    name: "attention-operations",
    path: () => "/attention/operations",
    title: { de: /Sammelaktionen/, en: /Bulk actions/ },
  },
  {
    name: "attention-operation",
    path: ({ operationId }) => `/attention/operations/${operationId}`,
    title: { de: /Erneut zustellen/, en: /Deliver again/ },
  },
  { name: "figures", path: () => "/figures", title: { de: /Zahlen/, en: /Figures/ } },
  {
    name: "figures-by-source",
    path: () => "/figures?by=source",
    title: { de: /Zahlen/, en: /Figures/ },
  },
  { name: "alerts", path: () => "/alerts", title: { de: /Alarme/, en: /Alerts/ } },
  {
    name: "figures-by-destination",
    path: () => "/figures?by=destination",
    title: { de: /Zahlen/, en: /Figures/ },
  },
  { name: "figures-by-hour", path: () => "/figures?by=hour", title: { de: /Zahlen/, en: /Figures/ } },
  { name: "sla", path: () => "/sla", title: { de: /Servicelevel/, en: /Service levels/ } },
  { name: "sla-days", path: () => "/sla?name=quick", title: { de: /Servicelevel/, en: /Service levels/ } },
  { name: "errors", path: () => "/errors", title: { de: /Fehler erklärt/, en: /Errors explained/ } },
  {
    name: "error",
    path: () => "/errors/destination_auth",
    title: { de: /Zugangsdaten|Kennwort/, en: /credentials/i },
  },
  { name: "sources", path: () => "/sources", title: { de: /Quellen/, en: /Sources/ } },
  { name: "source", path: () => "/sources/website", title: { de: /website/, en: /website/ } },
  {
    name: "source-fields",
    path: () => "/sources/website/fields",
    title: { de: /Felder zuordnen/, en: /Map the fields/ },
  },
  { name: "source-new", path: () => "/sources/new", title: { de: /Quelle anlegen/, en: /Add a source/ } },
  { name: "destinations", path: () => "/destinations", title: { de: /Ziele/, en: /Destinations/ } },
  { name: "destination", path: () => "/destinations/crm", title: { de: /crm/, en: /crm/ } },
  {
    name: "destination-new",
    path: () => "/destinations/new",
    title: { de: /Ziel anlegen/, en: /Add a destination/ },
  },
  { name: "leads", path: () => "/leads", title: { de: /^Leads$/, en: /^Leads$/ } },
  {
    name: "leads-filtered",
    path: () => "/leads?q=anfrage-zugestellt&state=delivered&source=website",
    title: { de: /^Leads$/, en: /^Leads$/ },
  },
  { name: "leads-none", path: () => "/leads?q=gibt-es-nicht", title: { de: /^Leads$/, en: /^Leads$/ } },
  { name: "lead-delivered", ...leadView("delivered") },
  { name: "lead-retrying", ...leadView("retrying") },
  { name: "lead-undecided", ...leadView("undecided") },
  { name: "lead-refused", ...leadView("refused") },
  { name: "log", path: () => "/log", title: { de: /Protokoll/, en: /Log/ } },
  { name: "settings-own", path: () => "/settings", title: { de: /Mein Konto/, en: /My account/ } },
  { name: "reports", path: () => "/reports", title: { de: /Berichte/, en: /Reports/ } },
  { name: "settings-mail", path: () => "/settings/mail", title: { de: /E-Mail/, en: /Mail/ } },
  {
    name: "settings-dead-mans-switch",
    path: () => "/settings/dead-mans-switch",
    title: { de: /Totmannschalter/, en: /Dead man/ },
  },
  { name: "settings-users", path: () => "/settings/users", title: { de: /Benutzer/, en: /Users/ } },
  { name: "settings-keys", path: () => "/settings/api-keys", title: { de: /API-Schlüssel/, en: /API keys/ } },
  { name: "settings-clients", path: () => "/settings/clients", title: { de: /Kunden/, en: /Clients/ } },
  {
    name: "settings-installation",
    path: () => "/settings/installation",
    title: { de: /Installation/, en: /Installation/ },
  },
];

function leadView(fate: Fate): Omit<View, "name"> {
  return {
    path: ({ runIds }) => `/leads/${runIds[fate]}`,
    title: { de: /^Lead vom /, en: /^Lead of / },
  };
}

const viewings: readonly Required<Omit<Viewing, "role" | "expects" | "at" | "again">>[] = [
  { language: "de", scheme: "light", width: "desktop" },
  { language: "de", scheme: "dark", width: "phone" },
  { language: "en", scheme: "dark", width: "desktop" },
  { language: "en", scheme: "light", width: "phone" },
];

/** The two of a language follow each other on one page; in which it is loaded, changes from view to view. */
const orders = [0, 1].map((flip) =>
  viewings
    .map((viewing, turn) => ({ viewing, turn }))
    .toSorted((one, other) => (one.turn ^ flip) - (other.turn ^ flip)),
);

const numberedViews = views.map((view, index) => ({ view, index }));

describe.each(numberedViews)("$view.name", ({ view: { name, path, title }, index }) => {
  for (const { viewing, turn } of orders[index % 2] ?? []) {
    const tags = turn === index % viewings.length ? [] : ["thorough"];
    const { language, scheme, width } = viewing;
    test(`${language}, ${scheme}, ${width}`, { tags }, async () => {
      const page = await browser.open(path(scene), { ...viewing, again: true });
      // A locator that waits looks every half second; with so many views that is a minute.
      const heading = page.getByRole("heading", { level: 1, name: title[viewing.language] });
      await until("its heading", () => heading.isVisible());
      await until("what it loads", async () => (await page.locator('[aria-busy="true"]').count()) === 0);
      await screenshot(page, `${name}-${viewing.language}-${viewing.scheme}-${viewing.width}`);
      expect(await accessibilityFindings(page)).toEqual([]);
      expect(await overflowPx(page)).toBe(0);
    });
  }
});
