// Forms over the API: in the reader's language, and what is wrong is said at the field that it is about.
import { describe, expect, it } from "vitest";
import type { Forms } from "../../../src/config/form-fields.ts";
import { useApiScene } from "../../support/api-scene.ts";
import type { Answer } from "../../support/webhook-client.ts";

describe("Forms over the API", () => {
  const scene = useApiScene(() => Promise.resolve({}));
  const forms = async (language: string): Promise<Forms> => {
    const answer = await scene.api.get("/forms", { headers: { "accept-language": language } });
    expect(answer.status).toBe(200);
    return answer.json as unknown as Forms;
  };
  const places = ({ json }: Answer): unknown =>
    (json["problems"] as { place: string }[]).map(({ place }) => place);

  it("speak German and English", async () => {
    const labels = async (language: string) =>
      (await forms(language)).destinations.map(({ kind, label }) => `${kind}: ${label}`);
    const german = await labels("de-AT,en;q=0.5");
    expect(german).toContain("http: HTTP (Webhook)");
    expect(german).toContain("external: Eigenes Programm");
    const english = await labels("en");
    expect(english).toContain("http: HTTP (webhook)");
    expect(english).toContain("external: A program of your own");
    expect(english).toHaveLength(german.length);
  });

  it("gather what can be sent as it is", async () => {
    const { destinations } = await forms("en");
    const [http] = destinations.filter(({ kind }) => kind === "http");
    const entry: Record<string, unknown> = { kind: "http" };
    for (const { name, default: preset, required, example } of http?.fields ?? []) {
      const [outer = "", inner] = name.split(".");
      const value = required ? example : preset;
      entry[outer] = inner === undefined ? value : { ...(entry[outer] as object), [inner]: value };
    }
    expect(await scene.api.post("/destinations", entry)).toMatchObject({
      status: 201,
      json: { name: "crm", origin: "https://crm.example", timeout: "10s", retry: { fast: ["1s", "5s"] } },
    });
  });

  it("learn at which field something is wrong, when adding, changing and replacing a secret", async () => {
    const auth = { kind: "token" };
    expect(places(await scene.api.post("/sources", { name: "form" }))).toEqual(["auth.kind", "to"]);
    expect(places(await scene.api.post("/destinations", { name: "erp", kind: "http" }))).toEqual(["url"]);
    await scene.api.post("/sources", { name: "form", auth, to: null });
    const change = { key: { pointer: "lead_id" }, person: { email: "" }, rate_limit: "fast" };
    expect(places(await scene.api.patch("/sources/form", change))).toEqual([
      ...["key.pointer", "person.email", "rate_limit"],
    ]);
    const secret = "two words";
    expect(places(await scene.api.post("/sources/form/rotate-secret", { secret }))).toEqual(["secret"]);
    const retry = { fast: ["soon"], slow: ["1m", "1y"] };
    expect(places(await scene.api.patch("/destinations/crm", { retry }))).toEqual([
      ...["retry.fast[0]", "retry.slow[1]"],
    ]);
  });
});
