// Settings in the browser: making an account whose owner can sign in, shutting somebody out, API keys, what is masked.
import { describe, expect, test } from "vitest";
import { apiClient } from "../support/api-client.ts";
import { makeUser, testPassword } from "../support/accounts.ts";
import { useApiScene } from "../support/api-scene.ts";
import { useBrowser } from "../support/browser.ts";
import { plant } from "../support/leak-watch.ts";

const scene = useApiScene(() => ({}), { withoutFile: true });
const browser = useBrowser(scene);

describe("accounts", () => {
  test("an admin makes one, its owner sets a password by the link and signs in with their role", async () => {
    const page = await browser.open("/settings/users");
    await page.getByRole("button", { name: "Benutzer anlegen" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Mia Groß");
    await page.getByLabel("E-Mail-Adresse").fill("mia@example.com");
    await page.getByRole("button", { name: "Anlegen", exact: true }).click();
    const link = await page.getByRole("group", { name: "Einrichtungslink" }).textContent();
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/setup\/[\w-]{43}$/);
    plant([link?.split("/").at(-1) ?? ""]);

    const theirs = await browser.open(link ?? "", { role: null });
    await theirs.locator("#password").fill(testPassword);
    await theirs.locator("#repeated").fill(testPassword);
    await theirs.getByRole("button").click();
    await theirs.goto("/");
    await theirs.getByLabel("E-Mail-Adresse").fill("mia@example.com");
    await theirs.getByLabel("Passwort", { exact: true }).fill(testPassword);
    await theirs.getByRole("button", { name: "Anmelden" }).click();
    const sections = theirs.getByRole("navigation", { name: "Bereiche" });
    await sections.getByRole("link", { name: "Leads" }).waitFor();
    expect(await sections.getByRole("link", { name: "Protokoll" }).count()).toBe(0);
    await theirs.goto("/settings/users");
    await theirs.getByRole("heading", { name: "Dafür reicht Ihre Rolle nicht" }).waitFor();
  });

  test("who is shut out is signed out at once", async () => {
    await makeUser(scene.app.installation.database, "otto", "sales");
    const theirs = await browser.open("/", { role: null });
    await theirs.getByLabel("E-Mail-Adresse").fill("otto@example.com");
    await theirs.getByLabel("Passwort", { exact: true }).fill(testPassword);
    await theirs.getByRole("button", { name: "Anmelden" }).click();
    await theirs.getByRole("link", { name: "Errors explained" }).waitFor();

    const page = await browser.open("/settings/users");
    await page.getByRole("button", { name: "Aktionen für otto" }).click();
    await page.getByRole("menuitem", { name: "Sperren" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sperren" }).click();
    await page.getByRole("row", { name: /otto/ }).getByText("Gesperrt").waitFor();
    await theirs.getByRole("link", { name: "Settings" }).click();
    await theirs.reload();
    await theirs.getByRole("button", { name: "Sign in" }).waitFor();
  });
});

test("an API key is shown once, works, and is refused when it is revoked", async () => {
  const page = await browser.open("/settings/api-keys", { language: "en" });
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByLabel("What for").fill("Reports");
  await page.getByRole("button", { name: "Make", exact: true }).click();
  const key = (await page.getByRole("group", { name: "Key" }).textContent()) ?? "";
  plant([key]);
  expect((await apiClient(scene.app.url, key).get("/kpi/daily")).status).toBe(200);
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Revoke: Reports" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page
    .getByRole("row", { name: /Reports/ })
    .getByText("Revoked")
    .waitFor();
  expect((await apiClient(scene.app.url, key).get("/kpi/daily")).status).toBe(401);
});

test("another time zone holds at once, and a wrong pointer is said at once", async () => {
  const page = await browser.open("/settings/installation");
  await page.getByRole("combobox", { name: "Zeitzone der Auswertungen" }).fill("Vienna");
  await page.getByRole("option", { name: "Europe/Vienna" }).click();
  await page.getByRole("button", { name: "Speichern" }).click();
  await expect
    .poll(async () => (await scene.query("SELECT value FROM internal.settings WHERE name = 'timezone'"))[0])
    .toEqual({ value: "Europe/Vienna" });
  await page.getByText("Gespeichert.").waitFor();
  await page.getByLabel("Zusätzlich verdeckte Felder").fill("kennzeichen");
  await page.getByRole("button", { name: "Speichern" }).click();
  await page.getByRole("alert").getByText("masked_pointers[0]").waitFor();
});

test("one's own language and password", async () => {
  const page = await browser.open("/settings", { role: "operator" });
  await page.getByText("English").click();
  await page.getByRole("heading", { level: 1, name: "My account" }).waitFor();
  await page.getByLabel("Password so far").fill(testPassword);
  await page.getByLabel("New password").fill("kurz");
  await page.getByRole("button", { name: "Change the password" }).click();
  await page.getByRole("alert").waitFor();
  const better = "neun Schafe stehen auf dem Deich";
  plant([better]);
  await page.getByLabel("New password").fill(better);
  await page.getByRole("button", { name: "Change the password" }).click();
  await page.getByText("The new password holds from now on.").waitFor();
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "My account" }).waitFor();
});
