// A kind of destination that is added outside of the program gets all that its own kinds have, from its declaration alone.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTerminal } from "../../src/cli/frame/terminal.ts";
import { runProgram } from "../../src/cli/program.ts";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { signingSecret } from "../../src/config/fields/secret-fields.ts";
import type { DestinationKind } from "../../src/kinds/destinations/destination-kind.ts";
import { builtInKinds } from "../../src/kinds/kinds.ts";
import type { Kinds } from "../../src/kinds/kinds.ts";
import { testAdminKey } from "../support/api-client.ts";
import { useApiScene } from "../support/api-scene.ts";
import { destinationKindsPage } from "../support/kinds-page.ts";
import { lines } from "../support/lines-kind.ts";
import { startLineReceiver } from "../support/line-receiver.ts";
import type { LineReceiver } from "../support/line-receiver.ts";
import { testSource } from "../support/app.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

const stamp = signingSecret("stamp", {
  label: { en: "Stamp", de: "Stempel" },
  help: { en: "Signs every line.", de: "Signiert jede Zeile." },
});
const stamped: DestinationKind = { ...lines, kind: "stamped", fields: { ...lines.fields, stamp } };
const kinds: Kinds = { ...builtInKinds, destinations: [...builtInKinds.destinations, lines, stamped] };

describe("A kind of destination that is added", () => {
  let receiver: LineReceiver;
  beforeAll(async () => {
    receiver = await startLineReceiver("ok");
  });
  afterAll(() => receiver.stop());
  const scene = useApiScene(() => ({ sources: [testSource("website")] }), { kinds, withoutFile: true });

  it("is made on the command line, shown without its secret, and probed", async () => {
    const made = await command(
      ["destination", "add", "erp", "--kind", "lines", "--host", receiver.host],
      ["--password-env", "LINES_PASSWORD", "--allow-private", "--json"],
    );
    expect(JSON.parse(made)).toMatchObject({
      kind: "lines",
      sends: true,
      host: receiver.host,
      allow_private: true,
      timeout: "10s",
      password: { fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/) as string },
    });
    expect(made).not.toContain("planted");
    const shown = await command(["destination", "show", "erp"]);
    expect(shown).toContain("Host and port");
    expect(shown).toContain(receiver.host);
    expect(await command(["destination", "probe", "erp"])).toContain("can be reached");
  });

  it("is sent to, with its secret, as one line", async () => {
    await scene.api.post("/sources", { name: "website", auth: { kind: "none" }, to: null });
    const post = { path: "/webhook/lead/website", key: "a", body: { name: "Anna" } };
    const { json } = await until("the node knows the source", async () => {
      const answer = await postLead(scene.app.url, post);
      return answer.status === 202 && answer;
    });
    const [line] = await until("the line has come", () =>
      Promise.resolve(receiver.lines.length > 0 && receiver.lines),
    );
    expect(JSON.parse(line ?? "")).toMatchObject({
      id: `${String(json["run_id"])}:erp`,
      password: "planted-password",
      lead: { data: { name: "Anna" } },
    });
  });

  it("is changed member by member over the API, which says what is wrong at the member", async () => {
    const changed = await scene.api.patch("/destinations/erp", { timeout: "2s" });
    expect(changed.json).toMatchObject({ host: receiver.host, timeout: "2s" });
    const refused = await scene.api.patch("/destinations/erp", { host: "nowhere" });
    expect(refused).toMatchObject({
      status: 422,
      json: { problems: [{ code: "text_unfit", place: "host" }] },
    });
  });

  it("has a signing secret of any name, which is judged when it is replaced", async () => {
    const made = { name: "stamped", kind: "stamped", host: receiver.host, allow_private: true };
    expect(await scene.api.post("/destinations", made)).toMatchObject({ status: 201 });
    const unfit = await scene.api.post("/destinations/stamped/rotate-secret", { secret: "whsec_?" });
    expect(unfit).toMatchObject({ status: 422, json: { problems: [{ place: "secret" }] } });
    expect(await scene.api.post("/destinations/stamped/rotate-secret")).toMatchObject({ status: 200 });
  });

  it("has a form, options of the command line, a schema, and rows in the documentation", async () => {
    const forms = (await scene.api.get("/forms")).json as unknown as Forms;
    const form = forms.destinations.find(({ kind }) => kind === "lines");
    expect(form?.fields.map(({ name }) => name)).toEqual([
      ...["name", "host", "password", "client", "timeout", "concurrency", "limits", "opening_hours"],
      ...["holidays", "retry.fast", "retry.slow", "allow_private", "ca_file", "when", "paused"],
    ]);
    expect(form?.test_leaves).toBe("A test lead is a line like any other.");
    const help = await command(["destination", "add", "--help"]);
    expect(help).toContain("--host <text>");
    expect(help).toContain("--password-env <variable>");
    const document = await fetch(`${scene.app.url}/api/openapi.json`);
    expect(await document.text()).toContain("DestinationLines");
    expect(destinationKindsPage(kinds.destinations, "de")).toContain(
      "| `host` | **Host und Port.** Wohin die Zeilen gehen. |",
    );
  });

  it("stands in leadledger.yaml, where mistakes are said with their line", async () => {
    const yaml = "destinations:\n  erp: { kind: lines, host: 'erp.example' }\n";
    const loaded = await loadConfiguration({
      path: "/leadledger.yaml",
      env: {},
      kinds,
      readFile: () => Promise.resolve(Buffer.from(yaml)),
    });
    expect(loaded).toMatchObject({
      ok: false,
      problems: [{ code: "text_unfit", line: 2, path: "destinations.erp.host" }],
    });
  });

  async function command(...argv: readonly (readonly string[])[]): Promise<string> {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) };
    const env = { LINES_PASSWORD: "planted-password" };
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
  readonly destinations: readonly {
    readonly kind: string;
    readonly test_leaves: string;
    readonly fields: readonly { readonly name: string }[];
  }[];
}
