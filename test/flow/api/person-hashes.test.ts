// A person's leads are found by every address and number in them, however they are written, and whatever rules were in
// force when they came.
import { describe, expect, it } from "vitest";
import { apiClient } from "../../support/api-client.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { testSource } from "../../support/app.ts";
import { postLead } from "../../support/webhook-client.ts";

describe("Leads of a person", () => {
  const scene = useApiScene(() => ({
    sources: [
      testSource("website", { to: [] }),
      testSource("wien", { to: [], country: "AT" }),
      testSource("shop", { to: [], onKeyReuse: "revision" }),
    ],
  }));
  let sent = 0;
  const send = async (source: string, body: Record<string, unknown>): Promise<string> => {
    const { json } = await postLead(scene.app.url, {
      path: `/webhook/lead/${source}`,
      key: `k${++sent}`,
      body,
    });
    return String(json["run_id"]);
  };
  const found = async (filter: Record<string, string>): Promise<string[]> => {
    const { json } = await apiClient(scene.app.url).get(`/runs?${new URLSearchParams(filter).toString()}`);
    expect(json).toHaveProperty("items");
    return (json["items"] as { run_id: string }[]).map(({ run_id: id }) => id);
  };

  it("are found by each of several addresses and numbers, and counted once each", async () => {
    const run = await send("website", {
      email: "anna@müller.de",
      "E-Mail (privat)": "Anna Weiß <anna.privat@example.com>",
      telefon: "030 123456 / 0151 23456789",
    });
    for (const email of ["anna@xn--mller-kva.de", "mailto:ANNA@Müller.de", "anna.privat@example.com"])
      expect(await found({ email }), email).toEqual([run]);
    for (const phone of ["+4930123456", "0151/23456789"])
      expect(await found({ phone }), phone).toEqual([run]);
    expect(
      await scene.query(
        "SELECT kind, version, count(*)::int AS count FROM internal.person_hashes WHERE run_id = $1 GROUP BY 1, 2 ORDER BY 1",
        [run],
      ),
    ).toEqual([
      { kind: "email", version: 2, count: 2 },
      { kind: "phone", version: 2, count: 2 },
    ]);
  });

  it("are found by what the newest data say, and no more by what they replaced", async () => {
    const post = async (key: string, body: Record<string, unknown> | string): Promise<string> =>
      String((await postLead(scene.app.url, { path: "/webhook/lead/shop", key, body })).json["run_id"]);
    const run = await post("revised", { tel: "0301111111", mobil: "01701111111" });
    expect(await found({ phone: "01701111111" })).toEqual([run]);
    expect(await post("revised", { tel: "0301111111", mobil: "01702222222" })).toBe(run);
    expect(await found({ phone: "01702222222" })).toEqual([run]);
    expect(await found({ phone: "01701111111" })).toEqual([]);
    const corrected = await post("corrected", '{"tel":');
    expect(await post("corrected", { tel: "0303333333", mobil: "01703333333" })).toBe(corrected);
    expect(await found({ phone: "01703333333" })).toEqual([corrected]);
  });

  it("are found by a number as it is dialled at home, in the country of their source", async () => {
    const run = await send("wien", { tel: "0664 1234567" });
    for (const phone of ["0664 1234567", "+43 664 1234567"]) expect(await found({ phone })).toEqual([run]);
  });

  it("are found by the rules under which they came", async () => {
    const run = await send("website", { email: "früher@example.com", phone: "0171 1234567" });
    await scene.query(
      "UPDATE internal.schema_migrations SET run_on = now() + interval '1 day' WHERE name LIKE '0029%'",
    );
    expect(
      await scene.query("SELECT DISTINCT version FROM internal.person_hashes WHERE run_id = $1", [run]),
    ).toEqual([{ version: 1 }]);
    expect(await found({ phone: "+491711234567", email: "früher@example.com" })).toEqual([run]);
  });

  it("are linked both ways, and each stays a lead of its own", async () => {
    const first = await send("website", { email: "zoë@example.com", mobil: "0160 1234567" });
    const second = await send("wien", {
      email: "andere@example.com",
      tel: "+43 664 7654321, +49 160 1234567",
    });
    const third = await send("wien", { email: "Zoë@Example.com" });
    const related = async (id: string) =>
      (await apiClient(scene.app.url).get(`/runs/${id}`)).json["related_runs"] as { run_id: string }[];
    expect((await related(first)).toSorted((a, b) => (a.run_id < b.run_id ? -1 : 1))).toEqual([
      { run_id: second, by: "phone" },
      { run_id: third, by: "email" },
    ]);
    expect(await related(second)).toEqual([{ run_id: first, by: "phone" }]);
    expect(await related(third)).toEqual([{ run_id: first, by: "email" }]);
    await scene.query("DELETE FROM internal.further_person_hashes");
  });

  it("say in the vocabulary, beside the original, what they say", async () => {
    const run = await send("wien", { Vorname: "Jürgen", Nachname: "Groß", tel: "0664 1234567" });
    const { json } = await apiClient(scene.app.url).get(`/runs/${run}?reveal=true`);
    expect(json).toMatchObject({
      lead: { first_name: "Jürgen", name: "Jürgen Groß", phones: ["+436641234567"] },
      body: { Vorname: "Jürgen", tel: "0664 1234567" },
    });
    const { json: masked } = await apiClient(scene.app.url).get(`/runs/${run}`);
    expect(masked["lead"]).toMatchObject({ name: "J*** G***", phones: ["***67"] });
    const { json: list } = await apiClient(scene.app.url).get("/runs?limit=1");
    expect(list["items"]).toMatchObject([{ lead: { name: "J*** G***" } }]);
  });
});
