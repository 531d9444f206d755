// What people see of a destination that is left alone, and of all deliveries being stopped.
import { afterAll, expect, test } from "vitest";
import { useApiScene } from "../support/api-scene.ts";
import { testDestination, testSource } from "../support/app.ts";
import { accessibilityFindings, screenshot, useBrowser } from "../support/browser.ts";
import { startSink } from "../support/sink.ts";
import type { Sink, SinkAnswer } from "../support/sink.ts";
import { postLead } from "../support/webhook-client.ts";

let sink: Sink;
let answer: SinkAnswer = { kind: "answer", status: 429, headers: { "retry-after": "600" } };
const scene = useApiScene(
  async () => {
    sink = await startSink(() => answer);
    return { sources: [testSource("website")], destinations: [testDestination("crm", sink.url)] };
  },
  { withoutFile: false },
);
const browser = useBrowser(scene);
afterAll(() => sink.close());

test("a destination that asks for a pause says until when, and is tried at once when somebody wants it", async () => {
  await postLead(scene.app.url, { path: "/webhook/lead/website", key: "first", body: { name: "Erika" } });
  const page = await browser.open("/destinations/crm", { language: "de" });
  await page
    .getByText(/Das Ziel bittet um eine Pause bis/)
    .first()
    .waitFor();
  await screenshot(page, "destination-left-alone-de");
  expect(await accessibilityFindings(page)).toEqual([]);
  answer = { kind: "answer", status: 200 };
  await page.getByRole("button", { name: "Jetzt versuchen" }).click();
  await page.getByText("In Ordnung").first().waitFor();
});

test("all deliveries are stopped with a reason, which stands on every page until they go on", async () => {
  const page = await browser.open("/destinations", { language: "de" });
  await page.getByRole("button", { name: "Alle Zustellungen anhalten" }).click();
  await page.getByLabel("Begründung").fill("Das CRM zieht um");
  await page.getByRole("dialog").getByRole("button", { name: "Alle Zustellungen anhalten" }).click();
  await page.getByText("Alle Zustellungen sind angehalten").first().waitFor();
  await page.goto(`${scene.app.url}/`);
  await page.getByText("Grund: Das CRM zieht um.").first().waitFor();
  await page.getByRole("heading", { level: 1, name: "Übersicht" }).waitFor();
  await screenshot(page, "deliveries-stopped-de");
  expect(await accessibilityFindings(page)).toEqual([]);
  await page.getByRole("button", { name: "Zustellungen fortsetzen" }).click();
  await page.getByText("Grund: Das CRM zieht um.").waitFor({ state: "detached" });
});
