// One case in the browser: corrected by its source's schema, tried first, sent; while somebody else is at it, too.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { useAttentionScene } from "../support/attention-scene.ts";
import { accessibilityFindings, overflowPx, screenshot, useBrowser } from "../support/browser.ts";
import { until } from "../support/until.ts";

const scene = useAttentionScene();
const browser = useBrowser(scene);

const bigNumber = "9007199254740993123";

const editor = (page: Page) => page.getByLabel(/^JSON, /);

async function confirm(page: Page, button: string, reason = "Tippfehler"): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Begründung").fill(reason);
  await dialog.getByRole("button", { name: button }).click();
}

test("a lead that its schema refuses is corrected with its faults beside it, tried, and delivered exactly", async () => {
  scene.answer("accept");
  const { runId, dlqId } = await scene.refusedPayload(
    "edit-1",
    `{"email":"erna(at)example.com","budget":0,"gclid":${bigNumber}}`,
  );
  const page = await browser.open("/attention");
  await page
    .getByRole("heading", { name: "1 Eingang von „formular“ war unlesbar und ist aufbewahrt" })
    .waitFor();
  await page.getByRole("link", { name: /^Einzeln ansehen: 1 Eingang von „formular“/ }).click();
  await page.getByRole("link", { name: `Klärfall ${dlqId}` }).click();
  await page.getByText("Unlesbar, aufbewahrt").first().waitFor();
  expect(await page.getByRole("button", { name: "Erneut zustellen" }).count()).toBe(0);
  await page.getByRole("link", { name: "Berichtigen" }).click();

  const text = await editor(page).inputValue();
  expect(text).toContain(bigNumber);
  await page.getByRole("button", { name: "Prüfen, ohne zu senden" }).click();
  await page.getByText("3 Fehler").waitFor();
  await page.getByRole("button", { name: /Zeile 1: \/name Dieses Pflichtfeld fehlt/ }).waitFor();
  await page.getByRole("button", { name: /Zeile \d: \/budget Muss mindestens 1 sein/ }).waitFor();
  await page.getByRole("button", { name: /Zeile \d: \/email Muss eine gültige E-Mail-Adresse sein/ }).click();
  const cursor = await editor(page).evaluate(
    (element) => (element as unknown as { readonly selectionStart: number }).selectionStart,
  );
  expect(text.slice(cursor)).toMatch(/^"email"/);
  await screenshot(page, "attention-edit-faults-de-light-desktop");
  expect(await accessibilityFindings(page)).toEqual([]);

  const mended = text.replace("(at)", "@").replace('"budget": 0', '"budget": 5');
  await editor(page).fill(mended.replace("\n}", '\n  "name": "Erna"\n}'));
  await page.getByText("Hier fehlt ein Komma oder die schließende Klammer.").waitFor();
  await page.getByText("Zeile 5, Spalte 3").waitFor();
  await editor(page).fill(mended.replace("\n}", ',\n  "name": "Erna"\n}'));
  await page.getByText("Als JSON lesbar").waitFor();
  await page.getByText("Zeilen entfernt: 2, neu: 3").waitFor();
  await page.getByRole("listitem").filter({ hasText: 'Entfernt: "budget": 0' }).waitFor();
  await page.getByRole("listitem").filter({ hasText: 'Neu: "name": "Erna"' }).waitFor();
  await page.getByRole("button", { name: "Prüfen, ohne zu senden" }).click();
  await page.getByText(/An „crm“ ginge eine Anfrage an http:/).waitFor();
  await page.getByRole("group", { name: "Das bekäme „crm“" }).getByText(bigNumber).waitFor();
  await screenshot(page, "attention-edit-trial-de-light-desktop");
  expect(await accessibilityFindings(page)).toEqual([]);
  expect(scene.sink.requests).toHaveLength(0);

  await page.getByRole("button", { name: "Als Lead übernehmen" }).click();
  await confirm(page, "Als Lead übernehmen");
  await page.getByText("Berichtigt: Daraus ist ein Lead geworden, der jetzt zugestellt wird.").waitFor();
  await until("the lead to be delivered", async () => (await scene.runStatus(runId)) === "processed");
  expect(scene.sink.requests.at(-1)?.body).toContain(bigNumber);
  const edited = await scene.query<{ reason: string }>(
    "SELECT payload ->> 'reason' AS reason FROM audit_events WHERE run_id = $1 AND event_type = 'lead_edited'",
    [runId],
  );
  expect(edited).toEqual([{ reason: "Tippfehler" }]);
});

test("bytes that were no JSON are shown as the text that they were, and can be discarded", async () => {
  const { runId, dlqId } = await scene.refusedPayload("edit-bytes", '{"name": "Zoë", "email": ');
  const page = await browser.open(`/attention/${dlqId}`, { role: "operator" });
  await page.getByRole("button", { name: "Im Klartext zeigen" }).click();
  await page
    .getByRole("group", { name: "Was ankam, unlesbar als Lead" })
    .getByText('{"name": "Zoë", "email": ')
    .waitFor();
  await page.getByRole("button", { name: "Verwerfen" }).click();
  await confirm(page, "Verwerfen", "Kein Lead");
  await page.getByText("Verworfen.", { exact: true }).waitFor();
  const rows = await scene.query("SELECT status, resolution, note FROM dlq WHERE dlq_id = $1", [dlqId]);
  expect(rows).toEqual([{ status: "resolved", resolution: "discarded", note: "Kein Lead" }]);
  expect(await scene.runStatus(runId)).toBe("failed");
});

test("when somebody else changes the Klärfall meanwhile, what was typed stays and can be sent after a look", async () => {
  scene.answer("reject");
  const { runId, dlqId } = await scene.rejectedLead("edit-conflict", '{"name":"Erna","product":"A"}');
  const page = await browser.open(`/attention/${dlqId}/edit`, { width: "phone" });
  const mine = '{\n  "name": "Erna",\n  "product": "B"\n}';
  await editor(page).fill(mine);
  const at = new Date(Date.now() + 3_600_000).toISOString();
  expect((await scene.api.post(`/dlq/${dlqId}/retry`, { at, reason: "later" })).status).toBe(200);
  await page.getByText("Dieser Klärfall wurde inzwischen geändert").waitFor();
  await page.getByRole("button", { name: "Ändern und zustellen" }).click();
  await confirm(page, "Ändern und zustellen");
  await page
    .getByRole("dialog")
    .getByText("Jemand hat diesen Klärfall geändert, seit Sie ihn angesehen haben")
    .waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Abbrechen" }).click();
  expect(await editor(page).inputValue()).toBe(mine);
  expect(await scene.runStatus(runId)).toBe("failed");
  expect(await overflowPx(page)).toBe(0);
  expect(await accessibilityFindings(page)).toEqual([]);
  await screenshot(page, "attention-edit-conflict-de-light-phone");

  scene.answer("accept");
  await page.getByRole("button", { name: "Neuen Stand laden und vergleichen" }).click();
  await page.getByText("Dieser Klärfall wurde inzwischen geändert").waitFor({ state: "detached" });
  expect(await editor(page).inputValue()).toBe(mine);
  await page.getByRole("button", { name: "Ändern und zustellen" }).click();
  await confirm(page, "Ändern und zustellen");
  await until("the lead to be delivered", async () => (await scene.runStatus(runId)) === "processed");
  await page.getByText("Zugestellt", { exact: true }).first().waitFor();
  expect(scene.sink.requests.at(-1)?.body).toContain('"product": "B"');
});

test("everything can be done with the keyboard alone", async () => {
  scene.answer("reject");
  const { runId, dlqId } = await scene.rejectedLead("edit-keys", '{"name":"Erna"}');
  const page = await browser.open(`/attention/${dlqId}`);
  const press = async (key: string): Promise<void> => page.keyboard.press(key);
  const tabTo = async (name: string | RegExp, role: "button" | "link"): Promise<void> => {
    const wanted = page.getByRole(role, { name }).first();
    await wanted.waitFor();
    for (let steps = 0; steps < 60; steps++) {
      if ((await page.locator(":focus").and(wanted).count()) > 0) return;
      await press("Tab");
    }
    throw new Error(`the keyboard does not reach ${String(name)}`);
  };
  await tabTo("Nicht mehr zustellen", "button");
  await press("Enter");
  await page.getByRole("dialog").getByLabel("Begründung").waitFor();
  await press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await tabTo("Bearbeiten und zustellen", "link");
  await press("Enter");
  await editor(page).waitFor();
  await editor(page).focus();
  await press("Control+A");
  await page.keyboard.type('{"name":"Berta"}');
  // Tab leaves the field: on to the buttons.
  await press("Tab");
  expect(await editor(page).inputValue()).toBe('{"name":"Berta"}');
  scene.answer("accept");
  await tabTo("Ändern und zustellen", "button");
  await press("Enter");
  await page.getByRole("dialog").getByLabel("Begründung").waitFor();
  await page.keyboard.type("falscher Name");
  await press("Tab");
  await press("Tab");
  await press("Enter");
  await until("the lead to be delivered", async () => (await scene.runStatus(runId)) === "processed");
  expect(scene.sink.requests.at(-1)?.body).toContain('"name": "Berta"');
});
