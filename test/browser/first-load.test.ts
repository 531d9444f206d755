// What a first visit costs, and what somebody sees when a part of the page does not come, or the server goes away.
import { expect, test } from "vitest";
import { useApiScene } from "../support/api-scene.ts";
import { useBrowser } from "../support/browser.ts";

const scene = useApiScene(() => ({}));
const browser = useBrowser(scene);

const scriptBytesMax = 300_000;

test("the overview needs at most 300 KB of compressed scripts", async () => {
  const page = await browser.open("/");
  await page.getByRole("heading", { level: 1, name: "Übersicht" }).waitFor();
  await page.locator('[aria-busy="true"]').first().waitFor({ state: "detached" });
  const sizes = await page.evaluate<readonly number[]>(
    "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).map(({ encodedBodySize }) => encodedBodySize)",
  );
  expect(sizes.length).toBeGreaterThan(1);
  expect(Math.min(...sizes)).toBeGreaterThan(0);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(scriptBytesMax);
});

test("a view that cannot be loaded says so, the rest goes on, and it comes with the next try", async () => {
  const page = await browser.open("/", { expects: /Failed to fetch dynamically imported module/ });
  await page.getByRole("heading", { level: 1, name: "Übersicht" }).waitFor();
  const parts = "**/assets/errors-*.js";
  await page.route(parts, (route) => route.fulfill({ status: 503, body: "" }));
  await page.getByRole("link", { name: "Fehler erklärt" }).click();
  await page.getByRole("heading", { name: "Dieser Teil der Seite konnte nicht geladen werden" }).waitFor();
  await page.getByRole("link", { name: "Übersicht" }).click();
  await page.getByRole("heading", { level: 1, name: "Übersicht" }).waitFor();
  await page.unroute(parts);
  await page.goto("/errors");
  await page.getByRole("row").nth(1).waitFor();
});

test("a server that goes away is said, and it is noticed that it is back, though it said no in between", async () => {
  const page = await browser.open("/errors");
  const stream = "**/api/v1/events";
  const banner = page.getByText("Keine Verbindung zum Server");
  await page.getByRole("row").nth(1).waitFor();
  await page.route(stream, (route) => route.fulfill({ status: 503, body: "" }));
  await page.reload();
  await banner.waitFor();
  await page.getByRole("row").nth(1).waitFor();
  await page.unroute(stream);
  await banner.waitFor({ state: "detached" });
});
