// The first run, by hand, in German: from the set-up link that the program prints to the first lead on the screen.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { firstSetupLink } from "../../src/accounts/set-up.ts";
import { testPassword } from "../support/accounts.ts";
import { useApiScene } from "../support/api-scene.ts";
import { accessibilityFindings, screenshot, useBrowser } from "../support/browser.ts";
import { plant } from "../support/leak-watch.ts";
import { until } from "../support/until.ts";

const scene = useApiScene(() => ({}), { withoutFile: true });
const browser = useBrowser(scene);
const run = promisify(execFile);

test("from the set-up link to the first lead in ten steps", async () => {
  const link = await firstSetupLink(scene.app.installation.database);
  if (link === null) throw new Error("there is an admin already");
  plant([link.path.replace("/setup/", ""), testPassword]);

  // 1. Open the link that the program shows at its first start.
  const page = await browser.open(link.path, { language: "de", role: null });
  // 2. Say who the first admin is.
  await page.getByLabel("E-Mail-Adresse").fill("jana@example.com");
  await page.getByLabel("Name", { exact: true }).fill("Jana Köhler");
  await page.getByLabel("Passwort", { exact: true }).fill(testPassword);
  await page.getByLabel("Dasselbe Passwort noch einmal").fill(testPassword);
  await page.getByRole("button", { name: "Konto anlegen" }).click();
  // 3. Go on to the sign-in.
  await page.getByRole("link", { name: "Jetzt anmelden" }).click();
  // 4. Sign in.
  await page.getByLabel("E-Mail-Adresse").fill("jana@example.com");
  await page.getByLabel("Passwort", { exact: true }).fill(testPassword);
  await page.getByRole("button", { name: "Anmelden" }).click();
  // 5. The overview says what comes first.
  await page.getByRole("link", { name: "Erste Quelle anlegen" }).click();
  // 6. Say where leads come from, give the source a name, and say where they go.
  await page.getByRole("link", { name: /^Anderes/ }).click();
  await page.getByRole("link", { name: /mit einem Token/ }).click();
  await page.getByLabel("Anzeigename").fill("Website");
  await page.getByLabel("An alle Ziele").check();
  await page.getByRole("button", { name: "Quelle anlegen" }).click();
  // 7. Copy the secret's line.
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const first = await copied(page, "Zuerst das Geheimnis setzen");
  plant([/'(.+)'/.exec(first)?.[1] ?? ""]);
  // 8. Copy the command.
  const second = await copied(page, "Im Terminal ausführen");
  await page.getByText("Warten auf den ersten Lead").waitFor();
  await screenshot(page, "first-run-waiting-de");
  expect(await accessibilityFindings(page)).toEqual([]);
  // 9. Paste both into a terminal; a new source is known to all nodes within two seconds.
  await until("the first lead to be accepted", async () => {
    const { stdout } = await run("sh", ["-c", `${first}\n${second}`]);
    return / 202 .*"status":"accepted"/s.test(stdout);
  });
  // 10. Watch it arrive, without reloading.
  await page.getByText("Empfangen und sicher aufbewahrt").waitFor();
  await page.getByText("Ohne Ziel: Niemand bekommt diesen Lead").waitFor();
  await screenshot(page, "first-run-arrived-de");
  expect(await scene.query("SELECT source, status, test FROM runs")).toEqual([
    { source: "website", status: "processed", test: false },
  ]);
});

async function copied(page: Page, label: string): Promise<string> {
  await page.getByRole("button", { name: `Kopieren ${label}` }).click();
  await page.getByRole("button", { name: `Kopiert ${label}` }).waitFor();
  return page.evaluate<string>("navigator.clipboard.readText()");
}
