// The dashboard below a path, behind a real nginx that passes the path on, or takes it away.
import { expect, it } from "vitest";
import { testPassword, makeUser } from "../support/accounts.ts";
import { useApiScene } from "../support/api-scene.ts";
import { testSource } from "../support/app.ts";
import { screenshot, useBrowser } from "../support/browser.ts";
import { isInstalled, startReverseProxy } from "../support/reverse-proxy.ts";

const host = "leads.example.com";
const scene = useApiScene(() => ({
  sources: [testSource("website")],
  trustProxy: ["127.0.0.1"],
  publicUrl: `https://${host}/leads/`,
}));
const browser = useBrowser(scene);

it.skipIf(!isInstalled("nginx")).each(["path", "stripped"] as const)(
  "everything is below it: signing in, views, a page that is loaded again, live events, downloads, signing out (%s)",
  async (layout) => {
    const proxy = await startReverseProxy("nginx", layout, scene.app.app.port);
    try {
      const name = `jana-${layout}`;
      await makeUser(scene.app.installation.database, name, "admin");
      const base = `https://127.0.0.1:${proxy.port}/leads`;
      const page = await browser.open("", { language: "en", role: null, at: base });
      await page.goto(`${base}/`);
      await page.getByLabel("E-mail address").fill(`${name}@example.com`);
      await page.getByLabel("Password", { exact: true }).fill(testPassword);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
      await screenshot(page, `below-path-${layout}-overview`);

      const menu = page.getByRole("navigation");
      await menu.getByRole("link", { name: "Leads" }).click();
      await page.getByRole("heading", { level: 1, name: "Leads" }).waitFor();
      expect(page.url()).toBe(`${base}/leads`);
      const rows = await page.getByRole("row").count();
      await fetch(`${scene.app.url}/webhook/lead/website`, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": layout },
        body: '{"email":"erika@example.com"}',
      });
      await page.getByRole("row").nth(Math.max(rows, 1)).waitFor();
      await page.getByRole("row").nth(1).getByRole("link").first().click();
      await page.waitForURL(/\/leads\/leads\/[0-9a-f-]{36}$/);
      await page.reload();
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await screenshot(page, `below-path-${layout}-lead`);

      await menu.getByRole("link", { name: "Sources" }).click();
      await page.getByRole("link", { name: "website" }).first().click();
      await page.waitForURL(`${base}/sources/website`);
      // The steps at the sender, which are folded away, name it too.
      const address = page.getByText(`https://${host}/leads/webhook/lead/website`).filter({ visible: true });
      await address.first().waitFor();
      await page.reload();
      await address.first().waitFor();

      await menu.getByRole("link", { name: "Figures" }).click();
      const download = page.waitForEvent("download");
      await page.getByRole("link", { name: /CSV/ }).first().click();
      expect((await download).url()).toMatch(new RegExp(`^${base}/api/v1/exports/kpi`));

      expect((await page.context().cookies()).map(({ path }) => path)).toEqual([
        // This browser is not at the public address: where the path is taken away, nothing tells that it was there.
        layout === "path" ? "/leads" : "/",
      ]);
      await page.getByRole("button", { name: /^Signed in/ }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).click();
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      expect(await page.context().cookies()).toEqual([]);
    } finally {
      await proxy.stop();
    }
  },
);
