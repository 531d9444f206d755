// What a source's map makes of a lead, before anything is changed: over the API and on the command line.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testRootKeyHex, testSource } from "../../support/app.ts";
import { testAdminKey } from "../../support/api-client.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { useCommandLine } from "../../support/command-line.ts";
import { until } from "../../support/until.ts";
import { answerOf, postLead } from "../../support/webhook-client.ts";

const body = {
  kunde: "Jörg Weiß",
  ort: "Köln",
  art: "2",
  tel: "0664 1234567",
  e_mail: "joerg@example.de",
  nr: "0815",
};
const map = {
  name: "/kunde",
  company: { pointer: "/art", table: { "1": "Privat", "2": "Firma" } },
  "utm.source": { constant: "messe" },
};

describe("A map tried on a lead", () => {
  const scene = useApiScene(() => ({
    sources: [testSource("website", { to: [] }), testSource("other", { to: [] }), testSource("silent")],
  }));
  const commandLine = useCommandLine();
  let first = "";
  let newest = "";
  let folder = "";
  beforeAll(async () => {
    const sent = async (path: string, key: string, fields: Record<string, string>): Promise<string> =>
      String((await postLead(scene.app.url, { path, key, body: fields })).json["run_id"]);
    first = await sent("/webhook/lead/website", "1", { ...body, ort: "Bonn" });
    newest = await sent("/webhook/lead/website", "2", body);
    // What nobody can read is nothing to try a map on.
    await postLead(scene.app.url, { path: "/webhook/lead/website", key: "3", body: '{"kunde":' });
    folder = await mkdtemp(join(tmpdir(), "leadledger-map-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  beforeEach(() => {
    commandLine.env = { DATABASE_URL: scene.database.url, LEADLEDGER_KEY: testRootKeyHex };
  });
  const tryMap = (order: object, query = "") => scene.api.post(`/sources/website/map-preview${query}`, order);

  it("shows the newest lead of the source with the map and without it, person data masked, and changes nothing", async () => {
    const { status, json } = await tryMap({ map, country: "AT" });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      run_id: newest,
      body: { kunde: expect.stringMatching(/^J/) as string, art: "2" },
      lead: { name: "J*** W***", company: "Firma", town: "K***", utm: { source: "messe" } },
      recognised: { company: null, utm: {} },
      kind_map: null,
    });
    expect(JSON.stringify(json)).not.toContain("joerg@");
    expect((await scene.api.get("/sources/website")).json).toMatchObject({ map: null, country: "DE" });
  });

  it("shows any lead of the source in full to whoever may see it, and records that", async () => {
    const shown = await tryMap({ map, country: "AT", run_id: first }, "?reveal=true");
    expect(shown.json).toMatchObject({
      run_id: first,
      body: { ...body, ort: "Bonn" },
      lead: { name: "Jörg Weiß", town: "Bonn", phones: ["+436641234567"] },
    });
    const [recorded] = await scene.query<{ count: number }>(
      "SELECT count(*)::int FROM audit_events WHERE event_type = 'person_data_shown' AND run_id = $1",
      [first],
    );
    expect(recorded).toEqual({ count: 1 });
  });

  it("is tried on data that somebody pastes, numbers to the last digit, which are stored nowhere", async () => {
    const text = `{"map":{"product":"/id","company":"/preis"},"body":{"id":12345678901234567890,"preis":1.50,"name":"Eva Maier"}}`;
    const answer = await answerOf(
      await fetch(`${scene.app.url}/api/v1/sources/website/map-preview`, {
        method: "POST",
        headers: { authorization: `Bearer ${testAdminKey}`, "content-type": "application/json" },
        body: text,
      }),
    );
    expect(answer.text).toContain('"id":12345678901234567890');
    expect(answer.json).toMatchObject({
      run_id: null,
      lead: { product: "12345678901234567890", company: "1.50", name: "Eva Maier" },
    });
    const [{ count } = { count: -1 }] = await scene.query<{ count: number }>(
      "SELECT count(*)::int FROM audit_events WHERE payload::text LIKE '%Maier%'",
    );
    expect(count).toBe(0);
  });

  it("says where it is wrong, as a change of the source would, in the reader's language", async () => {
    const wrong = {
      town: { pointer: "ort" },
      company: { first: [] },
      email: { pointer: "/m", format: "e-mail" },
    };
    const places = [
      { code: "pointer_invalid", place: "map.town.pointer" },
      { code: "list_empty", place: "map.company.first" },
      { code: "not_one_of", place: "map.email.format" },
      { code: "wrong_type", place: "country" },
    ];
    const tried = await tryMap({ map: wrong, country: 5 });
    expect(tried).toMatchObject({ status: 422, json: { code: "configuration_invalid" } });
    const told = (answer: typeof tried): unknown[] =>
      (answer.json["problems"] as { code: string; place: string }[]).map(({ code, place }) => ({
        code,
        place,
      }));
    expect(told(tried)).toEqual(expect.arrayContaining(places));
    const made = await scene.api.post("/sources", {
      name: "new",
      auth: { kind: "none" },
      to: [],
      map: wrong,
      country: 5,
    });
    expect(told(made)).toEqual(expect.arrayContaining(told(tried)));
  });

  it("says where there is nothing to try it on", async () => {
    expect((await scene.api.post("/sources/silent/map-preview", { map })).json).toEqual({
      run_id: null,
      body: null,
      lead: null,
      recognised: null,
      kind_map: null,
    });
    expect(await scene.api.post("/sources/other/map-preview", { run_id: first })).toMatchObject({
      status: 404,
      json: { code: "run_unknown" },
    });
    expect(await scene.api.post("/sources/nobody/map-preview", {})).toMatchObject({ status: 404 });
  });

  it("names what belongs to a person: once it counts, that is masked in the original, too", async () => {
    const own = {
      name: "own",
      auth: { kind: "none" },
      to: [],
      map: { last_name: { first: ["/gast/zu", "/zu"] } },
    };
    expect(await scene.api.post("/sources", own)).toMatchObject({ status: 201 });
    await until("the node knows it", async () => {
      const lead = { path: "/webhook/lead/own", key: "1", body: { gast: { zu: "Weiß", art: "Weiß" } } };
      return (await postLead(scene.app.url, lead)).status < 300;
    });
    const { json } = await scene.api.post("/sources/own/map-preview", {});
    expect(json).toMatchObject({ body: { gast: { zu: "W***", art: "Weiß" } }, lead: { last_name: "W***" } });
    const shown = await scene.api.get(`/runs/${String(json["run_id"])}`);
    expect(shown.json).toMatchObject({ body: { gast: { zu: "W***" } } });
  });

  it("is tried on the command line, from a file, with errors at their places", async () => {
    const file = join(folder, "map.json");
    await writeFile(file, JSON.stringify(map));
    const lead = join(folder, "lead.json");
    await writeFile(lead, JSON.stringify(body));
    const { stdout, code } = await commandLine.run(
      "source",
      "preview",
      "website",
      "--map",
      file,
      "--body",
      lead,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/name +Jörg Weiß/);
    expect(stdout).toMatch(/company +Firma/);
    expect(await commandLine.json("source", "preview", "website", "--run", first)).toMatchObject({
      run_id: first,
    });
    await writeFile(file, JSON.stringify({ town: "ort", toun: "/ort" }));
    const wrong = await commandLine.run("source", "preview", "website", "--map", file, "--lang", "de");
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain("map.town");
    expect(wrong.stderr).toContain("map.toun");
  });
});
