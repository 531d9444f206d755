// Many cases at once, in the browser: ordered, watched through a reload, steered, and done to the end.
import { expect, test } from "vitest";
import { useAttentionScene } from "../support/attention-scene.ts";
import { accessibilityFindings, overflowPx, screenshot, useBrowser } from "../support/browser.ts";
import { until } from "../support/until.ts";

const scene = useAttentionScene();
const browser = useBrowser(scene);

async function openEntries(): Promise<number> {
  const [row] = await scene.query<{ count: string }>(
    "SELECT count(*) FROM dlq WHERE status IN ('open', 'retrying')",
  );
  return Number(row?.count);
}

test(
  "a whole cause is delivered again, watched over a reload, until every lead has arrived",
  { tags: "thorough" },
  async () => {
    const count = 300;
    await scene.manyEntries(count);
    scene.answer("accept");
    const page = await browser.open("/attention");
    await page.getByRole("heading", { name: "300 Leads konnten nicht an „crm“ zugestellt werden" }).waitFor();
    await page.getByText("300 für Sie").first().waitFor();
    await page.getByText("Das Ziel lehnt die Zugangsdaten ab").first().waitFor();
    await page.getByRole("button", { name: /^Alle erneut zustellen/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("300 Klärfälle werden erneut zugestellt.").waitFor();
    await dialog.getByLabel("Begründung").fill("Das CRM ist wieder da.");
    await dialog.getByLabel(/Höchstens so viele je Sekunde/).fill("5");
    await screenshot(page, "attention-order-de-light-desktop");
    expect(await accessibilityFindings(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Erneut zustellen" }).click();

    await page.waitForURL(/\/attention\/operations\/[0-9a-f-]{36}$/);
    const bar = page.getByRole("progressbar", { name: "Erneut zustellen" });
    await bar.waitFor();
    const share = async (): Promise<number> => Number(await bar.getAttribute("aria-valuenow"));
    await until("it to be under way", async () => (await share()) > 0);
    await page.reload();
    await bar.waitFor();
    expect(await share()).toBeLessThan(100);
    await screenshot(page, "attention-operation-running-de-light-desktop");

    await page.goto("/attention");
    await page.getByRole("heading", { name: "Sammelaktionen, die gerade laufen" }).waitFor();
    await page.getByRole("link", { name: "Erneut zustellen", exact: true }).click();
    // All of it was seen while it ran; now it may end.
    await scene.query("UPDATE internal.operations SET rate_per_second = 100");
    await page.getByRole("heading", { name: "Ergebnis" }).waitFor();
    await page.getByText("300 wurden zur Zustellung gegeben.").waitFor();
    await page.getByText("Jana Köhler").last().waitFor();
    await until("every lead to have arrived", async () => (await openEntries()) === 0);
    const [processed] = await scene.query<{ count: string }>(
      "SELECT count(*) FROM runs WHERE status = 'processed' AND outcome = 'delivered'",
    );
    expect(Number(processed?.count)).toBe(count);
    expect(new Set(scene.sink.requests.map(({ id }) => id)).size).toBe(count);
    await page.goto("/attention");
    await page.getByText("Keine Klärfälle").waitFor();
    await page.getByText("Alles, was ankam, ist zugestellt oder auf dem Weg.").waitFor();
  },
);

test("some are chosen and settled; all of a list are delivered again, halted, gone on with and ended early", async () => {
  await scene.manyEntries(120);
  const page = await browser.open(
    "/attention/entries?destination=crm&kind=delivery&status=open&status=retrying",
    {
      language: "en",
      role: "operator",
    },
  );
  await page
    .getByRole("checkbox", { name: /^Choose case/ })
    .nth(0)
    .check();
  await page
    .getByRole("checkbox", { name: /^Choose case/ })
    .nth(1)
    .check();
  await page.getByText("2 chosen", { exact: true }).waitFor();
  await page.getByRole("button", { name: /^Mark as settled/ }).click();
  await page.getByRole("dialog").getByText("2 cases are marked as settled.").waitFor();
  await page.getByRole("dialog").getByLabel("Reason").fill("told them by phone");
  await page.getByRole("dialog").getByRole("button", { name: "Mark as settled" }).click();
  await page.getByText("2 are settled.").waitFor();
  await page.getByText("Nothing of it is open any more.").waitFor();
  expect(await openEntries()).toBe(118);

  await page.goto("/attention/entries?destination=crm&kind=delivery&status=open&status=retrying");
  await page.getByRole("checkbox", { name: "Choose the 50 shown" }).check();
  await page.getByRole("button", { name: "Choose all 118" }).click();
  await page.getByText("118 chosen", { exact: true }).waitFor();
  await screenshot(page, "attention-chosen-en-light-desktop");
  await page.getByRole("button", { name: /^Deliver again/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("118 cases are delivered again.").waitFor();
  await dialog.getByLabel("Reason").fill("trying");
  await dialog.getByLabel(/At most so many a second/).fill("2");
  await dialog.getByRole("button", { name: "Deliver again" }).click();
  await page.getByRole("button", { name: "Pause: Deliver again" }).click();
  await page.getByText("Paused", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Resume: Deliver again" }).click();
  await page.getByText("Running", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Cancel: Deliver again" }).click();
  await page.getByText("Cancelled", { exact: true }).waitFor();
  await page.getByRole("link", { name: /of them are still open: show/ }).click();
  await page.getByRole("heading", { level: 1, name: "Needs attention: crm" }).waitFor();
  expect(await openEntries()).toBeGreaterThan(0);
});

test("what could not be done is told with its reason, also on a phone", async () => {
  const { dlqId } = await scene.refusedPayload("bulk-refused", '{"name":"Erna"}');
  scene.answer("reject");
  const { dlqId: sendable } = await scene.rejectedLead("bulk-rejected", '{"name":"Erna"}');
  scene.answer("accept");
  const both = `dlq_id=${dlqId}&dlq_id=${sendable}`;
  const page = await browser.open(`/attention/entries?${both}`, { width: "phone", scheme: "dark" });
  await page.getByRole("checkbox", { name: `Klärfall ${dlqId} auswählen` }).check();
  // Of unreadable data alone, nothing can be delivered again.
  await page.getByRole("button", { name: /^Verwerfen/ }).waitFor();
  expect(await page.getByRole("button", { name: /^Erneut zustellen/ }).count()).toBe(0);
  await page.getByRole("checkbox", { name: `Klärfall ${sendable} auswählen` }).check();
  await page.getByRole("button", { name: /^Erneut zustellen/ }).click();
  await page.getByRole("dialog").getByLabel("Begründung").fill("Versuch");
  expect(await overflowPx(page)).toBe(0);
  await page.getByRole("dialog").getByRole("button", { name: "Erneut zustellen" }).click();
  await page.getByText("1 wurde übersprungen.").waitFor();
  await page
    .getByRole("link", { name: "Seine Daten wurden abgelehnt, es gibt nichts zuzustellen" })
    .waitFor();
  await page.getByRole("link", { name: "1 davon ist noch offen: zeigen" }).waitFor();
  expect(await accessibilityFindings(page)).toEqual([]);
  expect(await overflowPx(page)).toBe(0);
  await screenshot(page, "attention-operation-skipped-de-dark-phone");
});
