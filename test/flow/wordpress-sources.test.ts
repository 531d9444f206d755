// What WordPress' plugins post, sent by WordPress' own HTTP library; skipped where it is not installed.
import { describe, expect, it } from "vitest";
import { useApiScene } from "../support/api-scene.ts";
import { hasWordPress, postFromWordPress } from "../support/wordpress.ts";
import type { WordPressPost } from "../support/wordpress.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

const token = "planted-wordpress-token-0123456789";
const site = "https://www.handwerk.example";
const json = { headers: { "Content-Type": "application/json" } };
const address = { email: "jörg@example.com", name: "Jörg Müller-Lüdenscheidt" };

interface Shape {
  readonly kind: "elementor" | "wordpress-form";
  readonly args: WordPressPost["args"];
  readonly json?: unknown;
  /** What of the lead is kept. */
  readonly lead: Readonly<Record<string, unknown>>;
  /** null: none of the plugin's own. */
  readonly key: string | null;
}

const upload = {
  id: "file",
  type: "upload",
  title: "Datei",
  value: `${site}/a.pdf`,
  raw_value: "/var/www/wp-content/uploads/a.pdf",
  required: "0",
};

const shapes: Readonly<Record<string, Shape>> = {
  "Elementor, labels": {
    kind: "elementor",
    args: {
      body: { "Name [Pflicht]": address.name, "E-Mail": address.email, form_id: "a1", form_name: "Kontakt" },
    },
    lead: { "Name [Pflicht]": address.name, "E-Mail": address.email, form_name: "Kontakt" },
    key: null,
  },
  "Elementor, advanced data": {
    kind: "elementor",
    args: {
      body: {
        form: { id: "a1", name: "Kontakt" },
        fields: {
          email: {
            id: "email",
            type: "email",
            title: "E-Mail",
            value: address.email,
            raw_value: address.email,
          },
          wahl: { id: "wahl", type: "checkbox", value: "a, b", raw_value: ["a", "b"] },
          file: upload,
        },
        meta: { page_url: { title: "Seiten-URL", value: `${site}/kontakt` } },
      },
    },
    lead: {
      form: { id: "a1", name: "Kontakt" },
      fields: {
        email: {
          id: "email",
          type: "email",
          title: "E-Mail",
          value: address.email,
          raw_value: address.email,
        },
        wahl: { id: "wahl", type: "checkbox", value: "a, b", raw_value: ["a", "b"] },
        file: { id: "file", type: "upload", title: "Datei", value: upload.value, required: "0" },
      },
      meta: { page_url: { title: "Seiten-URL", value: `${site}/kontakt` } },
    },
    key: null,
  },
  "CF7 to Webhook": {
    kind: "wordpress-form",
    args: json,
    json: { "your-email": address.email, "your-name": address.name, wahl: ["a", "b"] },
    lead: { "your-email": address.email, "your-name": address.name, wahl: ["a", "b"] },
    key: null,
  },
  "CF7 to Webhook, a template with a line break in it": {
    kind: "wordpress-form",
    args: {
      headers: { "Content-Type": "text/plain" },
      body: '{"email":"zeile@example.com","text":"eins\r\nzwei \\" drei"}',
    },
    lead: { email: "zeile@example.com", text: 'eins\r\nzwei " drei' },
    key: null,
  },
  "CF7 to API": {
    kind: "wordpress-form",
    args: { body: { email: "cf7api@example.com", text: "eins\\nzwei" } },
    lead: { email: "cf7api@example.com", text: "eins\\nzwei" },
    key: null,
  },
  "Gravity Forms, JSON": {
    kind: "wordpress-form",
    args: json,
    json: {
      id: "17",
      form_id: "3",
      date_created: "2026-11-29 10:00:00",
      source_url: `${site}/x`,
      "1.3": "Jörg",
      "1.6": "Müller",
      "2": address.email,
    },
    lead: { "1.3": "Jörg", "1.6": "Müller", "2": address.email },
    key: `gravity:${site}:17`,
  },
  "Gravity Forms, form": {
    kind: "wordpress-form",
    args: { body: { id: "18", form_id: "3", date_created: "2026-11-29 10:00:00", "1.3": "Jörg" } },
    lead: { "1.3": "Jörg" },
    key: `gravity:${site}:18`,
  },
  WPForms: {
    kind: "wordpress-form",
    args: { headers: { ...json.headers, "X-WPForms-Webhook-Id": "7" } },
    json: { entry_id: "19", email: address.email, wahl: "a||b" },
    lead: { wahl: "a||b" },
    key: `wpforms:${site}:19`,
  },
  "Fluent Forms, JSON": {
    kind: "wordpress-form",
    args: json,
    json: { names: { first_name: "Jörg" }, __submission: { id: 20, form_id: 2, source_url: `${site}/y` } },
    lead: { names: { first_name: "Jörg" } },
    key: `fluent:${site}:20`,
  },
  "Fluent Forms, form": {
    kind: "wordpress-form",
    args: { body: { names: { first_name: "Jörg" }, wahl: ["a", "b"], __submission: { id: 21, form_id: 2 } } },
    lead: { names: { first_name: "Jörg" }, wahl: ["a", "b"] },
    key: `fluent:${site}:21`,
  },
  "Ninja Forms, one field of JSON": {
    kind: "wordpress-form",
    args: { body: { json: '{"email":"ninja@example.com","betrag":1.10,"text":"a\\/b"}' } },
    lead: { email: "ninja@example.com", betrag: 1.1, text: "a/b" },
    key: null,
  },
  "Ninja Forms, arguments": {
    kind: "wordpress-form",
    args: { body: { email: "ninja2@example.com", text: "Grüße" } },
    lead: { email: "ninja2@example.com", text: "Grüße" },
    key: null,
  },
};

describe.skipIf(!hasWordPress)("WordPress posts", () => {
  const scene = useApiScene(() => ({}), { withoutFile: true });
  const urlOf = (kind: Shape["kind"]): string => `${scene.app.url}/webhook/lead/${kind}/${token}`;

  it("and both kinds of source are set up", async () => {
    for (const kind of ["elementor", "wordpress-form"]) {
      const made = await scene.api.post("/sources", { name: kind, kind, token, to: [] });
      expect(made.status).toBe(201);
      await until("the node to know it", async () => {
        const probe = await postLead(scene.app.url, { path: `/webhook/lead/${kind}`, body: {} });
        return probe.json["code"] === "credentials_missing";
      });
    }
  });

  it.each(Object.entries(shapes))("%s: exactly 200, and the lead is whole", async (_, shape) => {
    const post = { url: urlOf(shape.kind), args: { timeout: 30, ...shape.args }, json: shape.json };
    const answer = await postFromWordPress(post);
    expect(answer.error).toBeUndefined();
    expect(answer).toMatchObject({ code: 200 });
    const { status, run_id: runId } = JSON.parse(answer.body ?? "") as { status: string; run_id: string };
    expect(status).toBe("accepted");
    const [run] = await scene.query<{ idempotency_key: string; body: unknown }>(
      `SELECT idempotency_key, payload -> 'body' AS body FROM runs JOIN audit_events USING (run_id)
       WHERE run_id = $1 AND event_type = 'lead_received'`,
      [runId],
    );
    expect(run?.body).toMatchObject(shape.lead);
    expect(JSON.stringify(run?.body)).not.toContain("/var/www");
    if (shape.key !== null) expect(run?.idempotency_key).toBe(shape.key);
    const again = await postFromWordPress(post);
    const isRecognised = shape.key !== null || JSON.stringify(shape.lead).includes("@");
    expect([again.code, JSON.parse(again.body ?? "")]).toMatchObject([
      200,
      { status: isRecognised ? "duplicate" : "accepted" },
    ]);
  });

  it("what cannot be read is kept, and the visitor sees no error", async () => {
    const url = urlOf("elementor");
    const answer = await postFromWordPress({ url, args: { body: "<lead/>", timeout: 30 } });
    expect(answer.code).toBe(200);
    expect(JSON.parse(answer.body ?? "")).toMatchObject({ status: "refused", code: "body_not_an_object" });
  });

  it("the token in the address, which WordPress repeats as Referer, stands nowhere", async () => {
    const places = await Promise.all(
      ["runs", "audit_events", "dlq", "internal.quarantine", "internal.sources"].map((table) =>
        scene.query(`SELECT t::text FROM ${table} t`),
      ),
    );
    const metrics = await (await fetch(`${scene.app.url}/metrics`)).text();
    expect(JSON.stringify([places, scene.app.log, metrics])).not.toContain("planted-wordpress");
  });
});
