// Alerts in the browser: nobody is notified at first, somebody is added and confirmed, and an alert is looked after.
import { expect, test } from "vitest";
import { useApiScene } from "../support/api-scene.ts";
import { useBrowser } from "../support/browser.ts";
import { confirmationCode } from "../../src/alerts/confirmation.ts";

const scene = useApiScene(() => ({}), { withoutFile: true });
const browser = useBrowser(scene);

test("nobody is notified until somebody is added, and confirms by the link without signing in", async () => {
  const page = await browser.open("/alerts");
  await page.getByText("Niemand wird benachrichtigt").first().waitFor();
  await page.getByRole("button", { name: "Empfänger anlegen" }).click();
  await page.getByText("E-Mail", { exact: true }).first().waitFor();
  await page.getByLabel("Name", { exact: false }).first().fill("team");
  await page
    .getByRole("textbox", { name: /Empfänger|An/ })
    .first()
    .fill("team@example.com");
  await page.getByRole("button", { name: "Anlegen", exact: true }).click();
  await page.getByText("nicht bestätigt").waitFor();
  const [row] = await scene.query("SELECT nonce FROM internal.alert_recipients WHERE name = 'team'");
  const key = scene.app.installation.keys.subkey("alert-confirmation");
  const code = confirmationCode(key, "team", (row as { nonce: string }).nonce);
  const theirs = await browser.open(`/confirm-alerts?recipient=team&code=${code}`, {
    role: null,
    language: "de",
  });
  await theirs.getByRole("button", { name: "Bestätigen" }).click();
  await theirs.getByText("Alarme kommen von jetzt an hier an").waitFor();
  await page.reload();
  await page.getByText("bestätigt", { exact: true }).waitFor();
  expect(await page.getByText("Niemand wird benachrichtigt").count()).toBe(0);
});

test("an alert is looked after, and told to nobody for a day", async () => {
  await scene.query(
    `INSERT INTO internal.alerts (key, code, severity, subject_kind, cause, alarm, state, raised_at)
     VALUES ('deliveries_stopped', 'deliveries_stopped', 'error', 'installation', 'deliveries_stopped',
       '{"code": "deliveries_stopped", "severity": "error", "by": "user:1", "reason": null, "since": "2026-11-30T08:00:00Z"}',
       'raised', now())`,
  );
  const page = await browser.open("/alerts", { language: "en" });
  await page
    .getByText(/All deliveries have been stopped|stopped since/i)
    .first()
    .waitFor();
  await page.getByRole("button", { name: "I look after it" }).click();
  await page.getByText("acknowledged", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Mute for a day" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("a move");
  await page.getByRole("dialog").getByRole("button", { name: "Mute for a day" }).click();
  await page.getByText("muted", { exact: true }).waitFor();
});
