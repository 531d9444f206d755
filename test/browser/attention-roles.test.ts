// Who may do what to cases, as the browser shows it: no button for what one's role does not allow.
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { useAttentionScene } from "../support/attention-scene.ts";
import { useBrowser } from "../support/browser.ts";
import { until } from "../support/until.ts";

const scene = useAttentionScene();
const browser = useBrowser(scene);

const doing =
  /erneut zustellen|als erledigt|nicht mehr zustellen|bearbeiten|berichtigen|verwerfen|klartext|gesendet würde|anhalten|abbrechen/i;

async function offered(page: Page): Promise<string[]> {
  const names = await page.getByRole("main").locator("button, a").allTextContents();
  return names.filter((name) => doing.test(name)).toSorted();
}

describe("what is offered for a lead that the destination did not want", () => {
  test.each([
    ["viewer", []],
    ["privacy", ["Im Klartext zeigen"]],
    ["sales", ["Erneut zustellen", "Im Klartext zeigen"]],
    [
      "operator",
      [
        ...["Als erledigt markieren", "Bearbeiten und zustellen", "Erneut zustellen"],
        ...["Im Klartext zeigen", "Nicht mehr zustellen", "Zeigen, was gesendet würde"],
      ],
    ],
  ] as const)("to %s", async (role, buttons) => {
    scene.answer("reject");
    const { dlqId } = await scene.rejectedLead(`roles-${role}`, '{"name":"Erna"}');
    const page = await browser.open(`/attention/${dlqId}`, { role });
    await page.getByRole("heading", { name: "Inhalt" }).waitFor();
    await expect.poll(() => offered(page)).toEqual(buttons);
    await page.goto("/attention");
    await page.getByRole("heading", { name: /konnten? nicht an „crm“ zugestellt werden/ }).waitFor();
    await expect.poll(async () => (await offered(page)).length > 0).toBe(role === "operator");
    await page.goto("/attention/entries");
    await page.getByRole("link", { name: `Klärfall ${dlqId}` }).waitFor();
    await expect.poll(async () => (await page.getByRole("checkbox").count()) > 0).toBe(role === "operator");
    await page.goto(`/attention/${dlqId}/edit`);
    if (role === "operator")
      await page.getByRole("heading", { name: `Klärfall ${dlqId} bearbeiten` }).waitFor();
    else await page.getByText("Dafür reicht Ihre Rolle nicht").waitFor();
  });
});

test("sales delivers one lead again, and sees it arrive", async () => {
  scene.answer("reject");
  const { runId, dlqId } = await scene.rejectedLead("sales-retry", '{"name":"Erna"}');
  scene.answer("accept");
  const page = await browser.open(`/attention/${dlqId}`, { role: "sales" });
  await page.getByRole("button", { name: "Erneut zustellen" }).click();
  await page.getByRole("dialog").getByLabel("Begründung").fill("Der Kunde fragt nach");
  await page.getByRole("dialog").getByRole("button", { name: "Erneut zustellen" }).click();
  await page.getByText("Zugestellt", { exact: true }).first().waitFor();
  await until("the lead to be delivered", async () => (await scene.runStatus(runId)) === "processed");
});

test("a closed one is tried again by a new one that names it", async () => {
  scene.answer("reject");
  const { dlqId } = await scene.rejectedLead("reopen", '{"name":"Erna"}');
  const page = await browser.open(`/attention/${dlqId}`, { role: "operator" });
  await page.getByRole("button", { name: "Nicht mehr zustellen" }).click();
  await page.getByRole("dialog").getByLabel("Begründung").fill("Werbung");
  await page.getByRole("dialog").getByRole("button", { name: "Nicht mehr zustellen" }).click();
  await page.getByText("Wird nicht mehr zugestellt.", { exact: true }).waitFor();
  scene.answer("accept");
  await page.getByRole("button", { name: "Erneut zustellen" }).click();
  await page.getByRole("dialog").getByLabel("Begründung").fill("doch keine Werbung");
  await page.getByRole("dialog").getByRole("button", { name: "Erneut zustellen" }).click();
  await page.getByText(`versucht Klärfall ${dlqId} erneut`).waitFor();
  expect(page.url()).not.toMatch(new RegExp(`/attention/${dlqId}$`));
  await page.goto(`/attention/${dlqId}`);
  await page.getByText("Er wurde schon erneut versucht: Den neuen Klärfall finden Sie unten.").waitFor();
});
