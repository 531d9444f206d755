// Leads in the browser: found by what is known of them, watched through failure and recovery, and what each role may do.
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { useApiScene } from "../support/api-scene.ts";
import { testDestination, testSource } from "../support/app.ts";
import { accessibilityFindings, overflowPx, screenshot, useBrowser } from "../support/browser.ts";
import { startSink } from "../support/sink.ts";
import type { Sink } from "../support/sink.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

const hourMs = 3_600_000;
/** More than two pages of the list. */
const olderLeads = 130;

let sink: Sink;
let status = 200;

const scene = useApiScene(async () => {
  sink = await startSink(() => ({ kind: "answer", status, body: `{"said":${status}}` }));
  return {
    sources: [testSource("website", { to: ["crm"] }), testSource("messe", { to: ["crm"] })],
    destinations: [
      testDestination("crm", `${sink.url}/leads`, { retry: { fastMs: [], slowMs: [hourMs, hourMs] } }),
      testDestination("newsletter", `${sink.url}/subscribers`),
    ],
  };
});
const browser = useBrowser(scene);

const asma = { vorname: "Asma", nachname: "Öztürk", email: "asma@example.de", telefon: "0221 5550143" };

async function send(
  key: string,
  body: Readonly<Record<string, unknown>>,
  source = "website",
): Promise<string> {
  const answer = await postLead(scene.app.url, { path: `/webhook/lead/${source}`, key, body });
  return String(answer.json["run_id"]);
}

function settled(runId: string, wanted: string): Promise<unknown> {
  return until(`lead ${runId} to be ${wanted}`, async () => {
    const [run] = await scene.query<{ status: string }>("SELECT status FROM runs WHERE run_id = $1", [runId]);
    return run?.status === wanted;
  });
}

/** A lead that the destination answers with `answer`; in a list it is known by its message, which is the key. */
async function sendMeeting(answer: number, key: string, body: Readonly<Record<string, unknown>> = asma) {
  status = answer;
  const runId = await send(key, { ...body, nachricht: key });
  await settled(runId, answer === 200 ? "processed" : "failed");
  return runId;
}

const rows = (page: Page) => page.locator("tbody tr");

beforeAll(async () => {
  await scene.query(
    `INSERT INTO runs (idempotency_key, source, received_at, status, processed_at)
     SELECT 'older-' || n, 'messe', now() - interval '1 day' - interval '1 minute' * n, 'processed', now()
     FROM generate_series(1, $1::int) AS n`,
    [olderLeads],
  );
});

describe("A lead that fails and recovers", () => {
  test("is watched to its delivery without reloading, and its timeline tells it in order", async () => {
    const runId = await sendMeeting(503, "wird-gesund");
    const page = await browser.open(`/leads/${runId}`);
    await page.getByRole("status").filter({ hasText: "Wird erneut versucht, nächster Versuch" }).waitFor();
    await page.evaluate("globalThis.neverReloaded = true");
    status = 200;
    await page.getByRole("button", { name: "Jetzt erneut zustellen" }).click();
    await page.getByRole("status").getByText("Zugestellt", { exact: true }).waitFor();
    await page.getByText("Der Lead ist zugestellt").waitFor();
    expect(await page.evaluate("globalThis.neverReloaded")).toBe(true);
    await page.getByRole("button", { name: "Jetzt erneut zustellen" }).waitFor({ state: "detached" });

    const timeline = page.getByRole("region", { name: "Verlauf" });
    const told = () => timeline.locator("ol > li").allInnerTexts();
    await expect
      .poll(async () => (await told()).map((step) => step.split("\n")[0]))
      .toEqual([
        "Eingegangen über website",
        "Zustellung an crm gescheitert",
        expect.stringMatching(/^Erneute Zustellung beauftragt/),
        expect.stringMatching(/^An crm zugestellt, Antwort in /),
      ]);
    const steps = await told();
    expect(steps[1]).toMatch(/ · (sofort|nach \d)/);
    expect(steps[1]).toContain("destination_error");
    expect(steps[2]).toContain("Jana Köhler");
    expect(steps[3]).toMatch(/Klärfall \d+ erledigt: zugestellt/);

    const attempts = page.getByRole("list", { name: "Versuche an crm" }).getByRole("listitem");
    expect(await attempts.count()).toBe(2);
    await attempts.first().getByText("Anfrage und Antwort").click();
    await attempts.first().getByText('{"said":503}').waitFor();
    await attempts.first().getByText(`webhook-id: ${runId}:crm`).waitFor();
    await screenshot(page, "lead-recovered-de");
    expect(await accessibilityFindings(page)).toEqual([]);
  });

  test("leads to the explanation of its error, and to its Klärfall", async () => {
    const runId = await sendMeeting(400, "bleibt-liegen");
    const page = await browser.open(`/leads/${runId}`, { language: "en" });
    await page.getByRole("status").getByText("Needs a decision").waitFor();
    const [entry] = await scene.query<{ dlq_id: string }>("SELECT dlq_id FROM dlq WHERE run_id = $1", [
      runId,
    ]);
    const main = page.getByRole("main");
    await main.locator('a[href="/errors/destination_rejected"]').first().waitFor();
    await main.locator(`a[href="/attention/${entry?.dlq_id}"]`).waitFor();
  });
});

describe("The list of leads", () => {
  test.each([
    { typed: " Asma@Example.de ", says: "nach der E-Mail-Adresse" },
    { typed: "+49 221 5550143", says: "nach der Telefonnummer" },
    { typed: "wird-gesund", says: "nach der Kennung" },
    { typed: "id", says: "nach der Nummer des Leads" },
  ])("finds a lead by $typed and says what it took it for", async ({ typed, says }) => {
    const [lead] = await scene.query<{ run_id: string }>(
      "SELECT run_id FROM runs WHERE idempotency_key = 'wird-gesund'",
    );
    const page = await browser.open("/leads");
    await rows(page).nth(49).waitFor();
    await page
      .getByLabel("Lead suchen")
      .last()
      .fill(typed === "id" ? (lead?.run_id ?? "") : typed);
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText(`Gesucht ${says}`).waitFor();
    await until("only leads of this person are listed", async () => {
      const found = await rows(page).allInnerTexts();
      return found.length <= 2 && found.some((row) => row.includes("wird-gesund"));
    });
  });

  test("takes what looks like a number for a key where somebody says so", async () => {
    await sendMeeting(200, "0221 5550143", { name: "Zoë" });
    const page = await browser.open("/leads?q=0221%205550143&source=website");
    await page.getByText("wird-gesund").waitFor();
    await page.getByRole("button", { name: "Stattdessen als Kennung suchen" }).click();
    await page.getByText("wird-gesund").waitFor({ state: "detached" });
    await expect.poll(() => rows(page).count()).toBe(1);
  });

  test("finds the lead by the id of a request that repeated it", async () => {
    const arrival = "01990000-0000-7000-8000-000000000001";
    const [lead] = await scene.query<{ run_id: string }>(
      `INSERT INTO audit_events (run_id, event_type, payload)
       SELECT run_id, 'duplicate_received', jsonb_build_object('arrival_id', $1::text)
       FROM runs WHERE idempotency_key = 'wird-gesund' RETURNING run_id`,
      [arrival],
    );
    const page = await browser.open(`/leads?q=${arrival}`);
    await page.getByRole("link", { name: "Den Lead dazu öffnen" }).click();
    await page.waitForURL(`**/leads/${lead?.run_id}`);
    await page.goto(`/leads/${arrival}`);
    await page.getByText("Sie haben die Nummer einer Wiederholung geöffnet").waitFor();
  });

  test("keeps its filters in the address, through a reload and through Back", async () => {
    const page = await browser.open("/leads");
    await rows(page).nth(49).waitFor();
    await page.getByLabel("Stand").selectOption({ label: "Klärung nötig" });
    await page.getByLabel("Quelle").selectOption("website");
    await page.waitForURL("**/leads?state=needs_decision&source=website");
    await until("one lead is listed", async () => (await rows(page).count()) === 1);
    await page.reload();
    await page.getByText("bleibt-liegen").waitFor();
    expect(await rows(page).count()).toBe(1);
    expect(await page.getByLabel("Stand").inputValue()).toBe("needs_decision");
    await rows(page).first().getByRole("link").click();
    await page.getByRole("heading", { level: 1, name: /^Lead vom/ }).waitFor();
    await page.goBack();
    await page.getByText("bleibt-liegen").waitFor();
    expect(new URL(page.url()).search).toBe("?state=needs_decision&source=website");
    await page.getByRole("button", { name: "Filter aufheben" }).click();
    await rows(page).nth(49).waitFor();
  });

  test.each([
    // Of these two the message of one is a telephone number, which is masked.
    { query: "state=delivered&source=website", keys: ["***43", "wird-gesund"] },
    { query: "state=resolved_by_hand&source=website", keys: [] },
    { query: "destination=crm&state=failed", keys: ["bleibt-liegen"] },
    { query: "from=2001-01-01&to=2001-12-31", keys: [] },
  ])("shows for $query what the filters say", async ({ query, keys }) => {
    const page = await browser.open(`/leads?${query}`, { language: "en" });
    if (keys.length === 0) await page.getByRole("heading", { name: "No lead fits" }).waitFor();
    else await rows(page).first().waitFor();
    expect(await page.locator("tbody tr > :nth-child(4)").allInnerTexts()).toEqual(keys);
  });

  test("shows new leads by itself at its top, and counts them once somebody has scrolled", async () => {
    const page = await browser.open("/leads");
    await rows(page).nth(49).waitFor();
    await sendMeeting(200, "neu-oben");
    await rows(page).first().getByText("neu-oben").waitFor();

    await page.getByRole("button", { name: "Mehr laden" }).click();
    await rows(page).nth(99).waitFor();
    const read = rows(page).nth(60);
    await read.scrollIntoViewIfNeeded();
    const before = await read.innerText();
    await sendMeeting(200, "neu-verdeckt");
    const more = page.getByRole("button", { name: "Einen neuen Lead anzeigen" });
    await more.waitFor();
    expect(await read.innerText()).toBe(before);
    expect(await page.getByText("neu-verdeckt").count()).toBe(0);
    await screenshot(page, "leads-new-ones-de");

    await read.getByRole("link").click();
    await page.getByRole("heading", { level: 1, name: /^Lead vom/ }).waitFor();
    await page.goBack();
    await rows(page).nth(60).waitFor();
    expect(await rows(page).nth(60).innerText()).toBe(before);
    await until("the list is where it was left", () => page.evaluate<boolean>("window.scrollY > 1000"));

    await more.click();
    await rows(page).first().getByText("neu-verdeckt").waitFor();
  });

  test("folds its filters on a phone", async () => {
    const page = await browser.open("/leads", { width: "phone" });
    await rows(page).nth(49).waitFor();
    expect(await page.getByLabel("Stand").isVisible()).toBe(false);
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByLabel("Stand").selectOption({ label: "Klärung nötig" });
    await page.getByText("bleibt-liegen").waitFor();
    expect(await overflowPx(page)).toBe(0);
    expect(await accessibilityFindings(page)).toEqual([]);
    await screenshot(page, "leads-phone-filters-de");
  });
});

describe("What roles may do with a lead", () => {
  test("a viewer sees no person and no actions, and is told that addresses cannot be searched", async () => {
    const runId = await sendMeeting(400, "fuer-viewer");
    const page = await browser.open(`/leads/${runId}`, { role: "viewer" });
    await page.getByText("Personendaten sind verdeckt; Ihre Rolle sieht sie nicht.").waitFor();
    expect(await page.getByRole("main").innerText()).not.toMatch(/Asma|Öztürk|asma@/);
    for (const name of [/erneut zustellen/, /Noch einmal zustellen/, /Personendaten zeigen/]) {
      expect(await page.getByRole("button", { name }).count()).toBe(0);
    }
    await page.goto("/leads?q=asma@example.de");
    await page.getByText("Nach einer E-Mail-Adresse können Sie mit Ihrer Rolle nicht suchen").waitFor();
    expect(await rows(page).count()).toBe(0);
  });

  test("sales may see the person, which is recorded once, and deliver again, but not to anywhere", async () => {
    const runId = await sendMeeting(400, "fuer-vertrieb");
    const page = await browser.open(`/leads/${runId}`, { role: "sales" });
    await page.getByRole("button", { name: "Personendaten zeigen" }).click();
    await page.getByText("Asma Öztürk").waitFor();
    expect(await page.getByRole("link", { name: "asma@example.de" }).getAttribute("href")).toBe(
      "mailto:asma@example.de",
    );
    expect(await page.getByRole("button", { name: /Noch einmal zustellen/ }).count()).toBe(0);
    status = 200;
    await page.getByRole("button", { name: "Jetzt erneut zustellen" }).click();
    await page.getByRole("status").getByText("Zugestellt", { exact: true }).waitFor();
    // Reading the lead again as it changes shows nobody anything anew.
    await page.getByText("Asma Öztürk").waitFor();
    await page.getByText("Personendaten angesehen").waitFor();
    const shown = await scene.query(
      "SELECT FROM audit_events WHERE run_id = $1 AND event_type = 'person_data_shown'",
      [runId],
    );
    expect(shown.length).toBe(1);
  });

  test("an operator delivers a lead once more to a destination of their choice", async () => {
    const runId = await sendMeeting(200, "noch-einmal");
    const page = await browser.open(`/leads/${runId}`, { role: "operator" });
    await page.getByRole("button", { name: /Noch einmal zustellen/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("newsletter").check();
    await dialog.getByLabel("Begründung").fill("Newsletter kam später dazu");
    await screenshot(page, "lead-replay-de");
    expect(await accessibilityFindings(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Noch einmal zustellen" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText(/^An newsletter zugestellt/).waitFor();
    await page.locator("blockquote").getByText("Newsletter kam später dazu").waitFor();
    expect(sink.requests.filter(({ id }) => id === `${runId}:newsletter`).length).toBe(1);
  });
});
