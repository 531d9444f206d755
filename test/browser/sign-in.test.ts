// Signing in and out in the browser.
import { describe, expect, test } from "vitest";
import { makeUser, testPassword, wrongPassword } from "../support/accounts.ts";
import { useApiScene } from "../support/api-scene.ts";
import { accessibilityFindings, screenshot, useBrowser } from "../support/browser.ts";

const scene = useApiScene(() => ({}));
const browser = useBrowser(scene);

describe("signing in", () => {
  test("with the right password shows the overview, and signing out ends it", async () => {
    await makeUser(scene.app.installation.database, "jana", "operator");
    const page = await browser.open("/leads", { language: "en", role: null });
    await page.getByLabel("E-mail address").fill("jana@example.com");
    await page.getByLabel("Password", { exact: true }).fill(testPassword);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("navigation").getByRole("link", { name: "Overview" }).click();
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    await page.getByRole("button", { name: "Signed in: jana" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    expect(await page.context().cookies()).toEqual([]);
  });

  test("with a wrong one says what the API says", async () => {
    const page = await browser.open("/", { language: "de", role: null });
    await page.getByLabel("E-Mail-Adresse").fill("niemand@example.com");
    await page.getByLabel("Passwort", { exact: true }).fill(wrongPassword);
    await page.getByRole("button", { name: "Anmelden" }).click();
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/Passwort/);
    await screenshot(page, "sign-in-refused-de");
  });

  test.each([
    { language: "de", scheme: "light" },
    { language: "en", scheme: "dark" },
  ] as const)("can be done by everybody: $language, $scheme", async (viewing) => {
    const page = await browser.open("/", { ...viewing, role: null });
    await page.locator("form").waitFor();
    await screenshot(page, `sign-in-${viewing.language}-${viewing.scheme}`);
    expect(await accessibilityFindings(page)).toEqual([]);
  });
});
