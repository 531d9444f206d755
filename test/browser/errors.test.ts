// Errors explained: found by code and by word, and reached from whatever bears a code.
import { expect, test } from "vitest";
import { useApiScene } from "../support/api-scene.ts";
import { useBrowser } from "../support/browser.ts";

const scene = useApiScene(() => ({}));
const browser = useBrowser(scene);

interface Explained {
  readonly code: string;
  readonly title: string;
  readonly what_to_do: string;
}

async function explained(code: string): Promise<Explained> {
  const { json } = await scene.api.get(`/error-codes/${code}`, { headers: { "accept-language": "de" } });
  return json as unknown as Explained;
}

test("a code is found by its beginning, and its page says what to do", async () => {
  const { title, what_to_do: todo } = await explained("credentials_wrong");
  const page = await browser.open("/errors");
  await page.getByRole("textbox", { name: "Suchen nach Code oder Wort" }).fill("credentials_wr");
  await expect.poll(() => page.getByRole("row").count()).toBe(2);
  await page.reload();
  await expect.poll(() => page.getByRole("row").count()).toBe(2);
  await page.getByRole("link", { name: title }).click();
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  await page.getByText(todo).waitFor();
});

test("a code that there is not says so", async () => {
  const page = await browser.open("/errors/credentials_wron");
  const alert = page.getByRole("alert");
  await alert.waitFor();
  expect(await alert.textContent()).toContain("credentials_wrong");
});

test("a problem leads to its explanation", async () => {
  const page = await browser.open("/settings");
  await page.getByLabel("Bisheriges Passwort").fill("so ein falsches Passwort");
  await page.getByLabel("Neues Passwort").fill("dreizehn Dachse graben einen Gang");
  await page.getByRole("button", { name: "Passwort ändern" }).click();
  await page.getByRole("link", { name: "Erklärung zu password_wrong" }).click();
  await page.getByRole("heading", { level: 1, name: (await explained("password_wrong")).title }).waitFor();
});
