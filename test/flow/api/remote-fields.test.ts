// The receiver's own fields over API and command line: read from a real table, made where the receiver can make them.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTerminal } from "../../../src/cli/frame/terminal.ts";
import { runProgram } from "../../../src/cli/program.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { testAdminKey } from "../../support/api-client.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { cardFile } from "../../support/card-file-kind.ts";
import { startSink } from "../../support/sink.ts";
import type { Sink } from "../../support/sink.ts";

describe("the fields of a receiver", () => {
  let sink: Sink;
  let isBroken = false;
  const known = [
    { target: "mail", label: "E-Mail", type: "text", isRequired: true },
    {
      target: "stage",
      label: "Phase",
      type: "choice",
      isRequired: false,
      options: [{ value: "new", label: "Neu" }],
    },
  ];
  const kinds = { ...builtInKinds, destinations: [...builtInKinds.destinations, cardFile] };
  const scene = useApiScene(() => ({ sources: [] }), { kinds, withoutFile: true });
  beforeAll(async () => {
    sink = await startSink(() => ({
      kind: "answer",
      status: isBroken ? 401 : 200,
      body: JSON.stringify(known),
    }));
    await scene.query("CREATE TYPE color AS ENUM ('rot', 'blau')");
    await scene.query(
      `CREATE TABLE cards (run_id uuid PRIMARY KEY, mail text NOT NULL, "a.b" numeric, color color, at timestamptz,
         ok boolean DEFAULT true NOT NULL, number int GENERATED ALWAYS AS IDENTITY, double int GENERATED ALWAYS AS (1) STORED)`,
    );
    await scene.query("COMMENT ON COLUMN cards.mail IS 'E-Mail des Kunden'");
    const at = new URL(scene.database.url);
    const user = { user: at.username, password: at.password };
    at.username = at.password = "";
    const table = { name: "table", kind: "postgres", url: at.href, ...user, table: "cards", tls: "off" };
    for (const made of [
      { ...table, allow_private: true },
      { name: "cards", kind: "card-file", url: sink.url, allow_private: true },
      { name: "crm", kind: "http", url: sink.url, allow_private: true },
    ])
      expect(await scene.api.post("/destinations", made)).toMatchObject({ status: 201 });
  });
  afterAll(() => sink.close());

  it("are those columns of a table that may be filled, with their types and what they may hold", async () => {
    const { json } = await scene.api.get("/destinations/table/fields");
    expect(json).toEqual({
      fields: [
        { target: "mail", label: "E-Mail des Kunden", type: "text", required: true, options: [] },
        { target: "/a.b", label: "a.b", type: "number", required: false, options: [] },
        {
          target: "color",
          label: "color",
          type: "choice",
          required: false,
          options: [
            { value: "rot", label: "rot" },
            { value: "blau", label: "blau" },
          ],
        },
        { target: "at", label: "at", type: "time", required: false, options: [] },
        { target: "ok", label: "ok", type: "boolean", required: false, options: [] },
      ],
      can_create: false,
      error_code: null,
      message: null,
    });
  });

  it("are read by the receiver's interface, and made there where it can", async () => {
    expect((await scene.api.get("/destinations/cards/fields")).json).toMatchObject({
      fields: [
        { target: "mail", required: true },
        { target: "stage", options: [{ value: "new" }] },
      ],
      can_create: true,
    });
    const made = await scene.api.post("/destinations/cards/fields", { label: " Budget ", type: "number" });
    expect(made.json).toMatchObject({ field: { target: "budget", label: "Budget", type: "number" } });
    expect(sink.requests.at(-1)?.body).toBe('{"label":"Budget"}');
    expect(await scene.api.post("/destinations/table/fields", { label: "x" })).toMatchObject({
      status: 409,
      json: { code: "fields_not_creatable" },
    });
    expect(await scene.api.post("/destinations/cards/fields", { label: "  " })).toMatchObject({
      status: 400,
    });
  });

  it("are unknown where the kind has none, and where the receiver does not answer, which says why", async () => {
    expect((await scene.api.get("/destinations/crm/fields")).json).toEqual({
      fields: null,
      can_create: false,
      error_code: null,
      message: null,
    });
    isBroken = true;
    expect((await scene.api.get("/destinations/cards/fields")).json).toMatchObject({
      fields: null,
      error_code: "destination_auth",
      message: expect.stringContaining("cards") as string,
    });
    isBroken = false;
  });

  it("that a map names and that are gone are said by a probe, before a lead meets it", async () => {
    expect((await scene.api.post("/destinations/cards/probe")).json).toMatchObject({ reachable: true });
    const map = { mail: "/lead/email", budget: "/data/budget", stage: { constant: "old" } };
    await scene.api.patch("/destinations/cards", { map });
    expect((await scene.api.post("/destinations/cards/probe")).json).toMatchObject({
      reachable: false,
      error_code: "destination_configuration",
      message: "cards has no field budget; old is no option of stage",
    });
    await scene.api.patch("/destinations/cards", { map: { stage: { constant: "new" } } });
    expect((await scene.api.post("/destinations/cards/probe")).json).toMatchObject({
      message: "cards takes no lead without mail, which the map does not give",
    });
  });

  it("are listed on the command line", async () => {
    const listed = await command("destination", "fields", "cards");
    expect(listed).toContain("mail");
    expect(listed).toContain("Phase");
    expect(await command("destination", "fields", "cards", "--create", "Ort")).toContain("ort");
    expect(await command("destination", "fields", "crm")).toContain("cannot be asked");
  });

  async function command(...argv: readonly string[]): Promise<string> {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) };
    await runProgram([...argv, "--url", scene.app.url, "--key", testAdminKey], {
      language: "en",
      env: {},
      actor: "cli:anna",
      kinds,
      say: (texts: { en: string }) => texts.en,
      terminal: createTerminal(stream, stream, {}),
    });
    return written.join("");
  }
});
