// A kind of source that is added outside of the program gets all that its own kinds have, from its declaration alone.
import { describe, expect, it } from "vitest";
import { createTerminal } from "../../src/cli/frame/terminal.ts";
import { runProgram } from "../../src/cli/program.ts";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { builtInKinds } from "../../src/kinds/kinds.ts";
import type { Kinds } from "../../src/kinds/kinds.ts";
import { testAdminKey } from "../support/api-client.ts";
import { useApiScene } from "../support/api-scene.ts";
import { sourceKindsPage } from "../support/kinds-page.ts";
import { portal, portalHeaders } from "../support/portal-source.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

/** Its answers cannot be sent. */
const clumsy: typeof portal = {
  ...portal,
  kind: "clumsy",
  answer: () => ({ status: 200, headers: { "X-Said": "one\ntwo" }, body: "never sent" }),
  handshake: () => ({ status: 7, body: "never sent" }),
};
const kinds: Kinds = { ...builtInKinds, sources: [...builtInKinds.sources, portal, clumsy] };
const secret = "planted-portal-secret-0123456789";

describe("A kind of source that is added", () => {
  const scene = useApiScene(() => ({}), { kinds, withoutFile: true });

  it("is made on the command line, and shown without its secret", async () => {
    const made = await command(
      ["source", "add", "immo", "--kind", "portal", "--region", "AT"],
      ["--secret-env", "PORTAL_SECRET", "--to", "all", "--json"],
    );
    expect(JSON.parse(made)).toMatchObject({
      name: "immo",
      kind: "portal",
      region: "AT",
      key: { header: "preferred", body_hash: "10m" },
      secrets: [{ fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/) as string, not_after: null }],
      auth: { kind: "portal" },
    });
    expect(made).not.toContain("planted");
    const shown = await command(["source", "show", "immo"]);
    expect(shown).toMatch(/Country +AT/);
    expect(shown).not.toContain("planted");
  });

  it("shows a secret that was made for it once, when it is added and when it is replaced", async () => {
    const added = await command(["source", "add", "made", "--kind", "portal", "--to", "all"]);
    const secretSaid = /it is not shown again:\n(\S{20,})\n$/.exec(added)?.[1];
    expect(secretSaid).toBeDefined();
    expect(added).toMatch(
      /\/webhook\/lead\/made\nThere is no sample code: “Portal” sends in a way of its own/,
    );
    const rotated = await command(["source", "rotate-secret", "made"]);
    expect(/it is not shown again:\n(\S{20,})\n$/.exec(rotated)?.[1]).not.toBe(secretSaid);
    expect(await command(["source", "show", "made"])).not.toContain(secretSaid);
    await command(["source", "remove", "made"]);
  });

  it("has no sample code that could not work, but a sentence that says what to do", async () => {
    const answer = (language: string) =>
      scene.api.get("/sources/immo/samples", { headers: { "accept-language": language } });
    expect((await answer("de")).json).toEqual({
      url: `${scene.app.url}/webhook/lead/immo`,
      address_remarks: [
        {
          code: "address_not_public",
          message: expect.stringMatching(/aus dem Internet nicht erreichbar/) as string,
        },
      ],
      secret_variable: null,
      fits_schema: true,
      samples: null,
      own_samples: [],
      why_no_samples: expect.stringMatching(/„Portal“ sendet auf eigene Weise/) as string,
    });
    expect((await answer("en")).json).toMatchObject({
      why_no_samples: expect.stringMatching(/“Portal” sends in a way of its own/) as string,
    });
  });

  it("is not made with --auth beside its kind", async () => {
    const said = await command(["source", "add", "both", "--kind", "portal", "--auth", "token"]);
    expect(said).toMatch(/--kind or --auth, not both/);
    expect(await scene.api.get("/sources/both")).toMatchObject({ status: 404 });
  });

  it("takes leads in its own way, several at once, and answers in its own words", async () => {
    const body = Buffer.from(
      '{"messages":[{"id":9007199254740993,"name":"Anna"},{"id":"b","name":"Berta"}]}',
    );
    const send = () =>
      postLead(scene.app.url, {
        path: "/webhook/lead/immo",
        body: body.toString(),
        headers: portalHeaders(secret, body, Date.now()),
      });
    const answer = await until("the node to know the source", async () => {
      const answered = await send();
      return answered.status === 401 ? false : answered;
    });
    expect([answer.status, answer.text]).toEqual([200, "EVENT_RECEIVED"]);
    expect((await send()).text).toBe("EVENT_RECEIVED");
    const runs = await scene.query<{ idempotency_key: string }>(
      "SELECT idempotency_key FROM runs ORDER BY 1",
    );
    expect(runs.map(({ idempotency_key: key }) => key)).toEqual(["9007199254740993", "b"]);
    const handshake = await fetch(`${scene.app.url}/webhook/lead/immo?challenge=abc`);
    expect(await handshake.text()).toBe("abc");
  });

  it("costs its sender nothing where its own answer cannot be sent: the one that everyone gets goes out", async () => {
    const added = await scene.api.post("/sources", { name: "clumsy", kind: "clumsy", secret, to: null });
    expect(added.status).toBe(201);
    const body = Buffer.from('{"messages":[{"id":"c","name":"Clara"}]}');
    const answer = await until("the node to know the source", async () => {
      const answered = await postLead(scene.app.url, {
        path: "/webhook/lead/clumsy",
        body: body.toString(),
        headers: portalHeaders(secret, body, Date.now()),
      });
      return answered.status === 401 ? false : answered;
    });
    expect(answer).toMatchObject({ status: 202, json: { status: "accepted" } });
    expect((await fetch(`${scene.app.url}/webhook/lead/clumsy`)).status).toBe(405);
  });

  it("is changed member by member over the API, which says what is wrong at the member", async () => {
    const changed = await scene.api.patch("/sources/immo", { region: "DE", rate_limit: "5/s" });
    expect(changed.json).toMatchObject({ kind: "portal", region: "DE", rate_limit: "5/s" });
    expect(changed.json["secrets"]).toHaveLength(1);
    const refused = await scene.api.post("/sources", { name: "other", kind: "portal", secret: "", to: null });
    expect(refused).toMatchObject({ status: 422, json: { problems: [{ place: "secret" }] } });
    const unknown = await scene.api.post("/sources", { name: "other", kind: "porta", secret, to: null });
    expect(unknown).toMatchObject({ status: 422, json: { problems: [{ code: "not_one_of" }] } });
  });

  it("has a form, options of the command line and a schema", async () => {
    const forms = (await scene.api.get("/forms")).json as unknown as Forms;
    const [choice] = forms.sources.fields.filter(({ name }) => name === "auth.kind");
    const [option] = (choice?.options ?? []).filter(({ value }) => value === "portal");
    expect(option).toMatchObject({ label: "Portal", members: { kind: "portal" } });
    expect(option?.fields.map(({ name }) => name)).toEqual(["secret", "secrets", "region"]);
    expect(await command(["source", "add", "--help"])).toMatch(/--kind <kind>[^]+--region <word>/);
    const document = await (await fetch(`${scene.app.url}/api/openapi.json`)).text();
    expect(document).toContain('"region"');
    expect(sourceKindsPage(kinds, "de")).toContain("| `region` | **Land.** Wo das Portal ist. | `DE` |");
  });

  it("stands at the top of an entry of leadledger.yaml, where mistakes are said with their line", async () => {
    const load = (entry: string) =>
      loadConfiguration({
        path: "/leadledger.yaml",
        env: {},
        kinds,
        readFile: () => Promise.resolve(Buffer.from(`sources:\n  immo: ${entry}\n`)),
      });
    expect(await load(`{ kind: portal, secret: ${secret}, region: AT, to: [], paused: true }`)).toMatchObject(
      {
        ok: true,
        configuration: {
          sources: [
            { auth: { kind: "portal", region: "AT" }, paused: true, key: { kind: "header_preferred" } },
          ],
        },
      },
    );
    expect(await load("{ kind: portal, region: AT }")).toMatchObject({
      ok: false,
      problems: [{ code: "secret_choice", line: 2, path: "sources.immo" }],
    });
    expect(await load(`{ kind: portal, secret: ${secret}, citizen: yes }`)).toMatchObject({
      ok: false,
      problems: [{ code: "unknown_key", line: 2, path: "sources.immo.citizen" }],
    });
    expect(await load("")).toMatchObject({ ok: false, problems: [{ code: "value_missing" }] });
    expect(await load("{ auth: { kind: none }, region: AT }")).toMatchObject({
      ok: false,
      problems: [{ code: "unknown_key", path: "sources.immo.region" }],
    });
  });

  async function command(...argv: readonly (readonly string[])[]): Promise<string> {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) };
    const env = { PORTAL_SECRET: secret };
    await runProgram([...argv.flat(), "--url", scene.app.url, "--key", testAdminKey], {
      language: "en",
      env,
      actor: "cli:anna",
      kinds,
      say: (texts: { en: string }) => texts.en,
      terminal: createTerminal(stream, stream, env),
    });
    return written.join("");
  }
});

interface Forms {
  readonly sources: {
    readonly fields: readonly {
      readonly name: string;
      readonly options: readonly {
        readonly value: string;
        readonly fields: readonly { readonly name: string }[];
      }[];
    }[];
  };
}
