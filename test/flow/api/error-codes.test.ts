// Codes explained over the API: in the reader's language, the same code that an answer and an entry bear.
import { describe, expect, it } from "vitest";
import { testDestination, testSource } from "../../support/app.ts";
import { apiClient } from "../../support/api-client.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { always, startSink } from "../../support/sink.ts";
import { until } from "../../support/until.ts";
import { postLead } from "../../support/webhook-client.ts";

interface Explained {
  readonly code: string;
  readonly title: string;
  readonly what_happened: string;
  readonly lead_safe: string;
  readonly what_to_do: string;
  readonly who: string;
}

const german = { headers: { "accept-language": "de-AT,de;q=0.9" } };

describe("Error codes over the API", () => {
  const scene = useApiScene(async () => {
    const locked = await startSink(always({ kind: "answer", status: 401 }));
    return {
      sources: [testSource("website", { to: ["locked"] })],
      destinations: [testDestination("locked", locked.url)],
      sinks: [locked],
    };
  });

  it("explain what a lead's failure bears, with all four answers, in both languages", async () => {
    const posted = await postLead(scene.app.url, {
      path: "/webhook/lead/website",
      key: "explained",
      body: { email: "erna@example.com" },
    });
    const runId = String(posted.json["run_id"]);
    const code = await until("the delivery has failed", async () => {
      const { json } = await scene.api.get(`/runs/${runId}`);
      return json["error_code"] as string | null;
    });
    expect(code).toBe("destination_auth");
    const { json: en, status } = await scene.api.get(`/error-codes/${code}`);
    const { json: de } = await scene.api.get(`/error-codes/${code}`, german);
    expect(status).toBe(200);
    expect(en).toMatchObject({ code, area: "delivery", safe: "yes", responsible: "operator" });
    expect(de).toMatchObject({ code, who: "Wer LeadLedger betreibt" });
    for (const member of ["title", "what_happened", "lead_safe", "what_to_do", "who"])
      expect(de[member]).not.toBe(en[member]);
  });

  it("explain what an answer bears, with its status and its own title", async () => {
    const denied = await postLead(scene.app.url, {
      path: "/webhook/lead/nobody-knows",
      key: "denied",
      body: {},
    });
    const { code, title } = denied.json as Record<"code" | "title", string>;
    expect(await scene.api.get(`/error-codes/${code}`)).toMatchObject({
      json: { code: "source_unknown", http_status: denied.status, title, safe: "no", responsible: "sender" },
    });
  });

  it("are listed, each as it is alone", async () => {
    const { json } = await scene.api.get("/error-codes", german);
    const items = json["items"] as readonly Explained[];
    expect(items.length).toBeGreaterThan(250);
    const one = items.find(({ code }) => code === "spool_write_failed");
    expect((await scene.api.get("/error-codes/spool_write_failed", german)).json).toEqual(one);
  });

  it("that there are not are 404, with similar ones", async () => {
    expect(await scene.api.get("/error-codes/destination_aut")).toMatchObject({
      status: 404,
      json: { code: "error_code_unknown", reason: expect.stringContaining("destination_auth") as string },
    });
    const { json } = await scene.api.get("/error-codes/zzzzzzzzzzzz");
    expect(json).not.toHaveProperty("reason");
  });

  it("are for whoever is signed in", async () => {
    expect((await apiClient(scene.app.url, null).get("/error-codes")).status).toBe(401);
  });
});
