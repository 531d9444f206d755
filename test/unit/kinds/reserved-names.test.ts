// Fields of kinds do not take names that every source and every destination has for something else.
import { describe, expect, it } from "vitest";
import { createTerminal } from "../../../src/cli/frame/terminal.ts";
import { runProgram } from "../../../src/cli/program.ts";
import { optionalSecret } from "../../../src/config/fields/secret-fields.ts";
import { optionalText } from "../../../src/config/fields/plain-fields.ts";
import { reservedNames } from "../../../src/config/reserved-names.ts";
import {
  destinationSchemas,
  sourceSchemas,
} from "../../../src/http/api/sources-and-destinations/part-schemas.ts";
import { destinationKind } from "../../../src/kinds/destinations/destination-kind.ts";
import type { Field } from "../../../src/config/fields/field.ts";
import { sendingFields } from "../../../src/kinds/destinations/shared-fields.ts";
import { portal } from "../../support/portal-source.ts";
import { sourceKind } from "../../../src/kinds/sources/source-kind.ts";

const words = { en: "x", de: "x" };
const texts = { label: words, help: words };

const declare = {
  source: (key: string, field: Field<unknown>) =>
    sourceKind({ ...portal, kind: "odd", fields: { ...portal.fields, [key]: field } }),
  destination: (key: string, field: Field<unknown>) =>
    destinationKind({
      kind: "odd",
      group: "webhooks",
      label: words,
      help: words,
      testLeaves: words,
      fields: { ...sendingFields, [key]: field },
      transport: null,
    }),
};

const both = ["source", "destination"] as const;

describe.each(both)("A field of a kind of %s", (what) => {
  const { options, members, shown, keys } = reservedNames[what];

  it.each(options.filter((name) => !name.endsWith("-env")))("may not be the option --%s", (name) => {
    const field = optionalText("own", { ...texts, option: { name } });
    expect(() => declare[what]("own", field)).toThrow(`field “own” of the ${what} kind “odd”`);
  });

  it.each(members)("may not be the member %s", (member) => {
    const field = optionalText(member, { ...texts, option: { name: "own" } });
    expect(() => declare[what]("own", field)).toThrow(`“${member}” is a member of every ${what}`);
  });

  it.each(shown)("may not be shown as %s", (member) => {
    const field = { ...optionalText("own", texts), shown: { ...optionalText(member, texts).shown } };
    expect(() => declare[what]("own", field)).toThrow(`“${member}” is a member of what is answered`);
  });

  it("is kept from every member that the API answers without it", () => {
    // `paused` is a field that every kind of destination declares.
    const common = what === "source" ? [] : ["paused"];
    expect(new Set([...members, ...shown, ...common])).toEqual(new Set(answeredMembers(what)));
  });

  it.each(keys)("may not be kept under the key %s", (key) => {
    expect(() => declare[what](key, optionalText("own", texts))).toThrow(`field “${key}”`);
  });

  it("may have any other name", () => {
    expect(() => declare[what]("own", optionalText("own", texts))).not.toThrow();
  });

  it.each(["add", "change"])("is kept from every option that `%s` has without it", async (command) => {
    const help = await helpOf(what, command);
    const fixed = [...help.matchAll(/^ +(?:-\w, )?--([a-z-]+)/gm)].map(([, name]) => name);
    expect(fixed.length).toBeGreaterThan(3);
    expect(options).toEqual(expect.arrayContaining(fixed));
  });
});

describe("A secret of a kind of source", () => {
  it("may not be called `secret`, whose variable every source names with --secret-env", () => {
    expect(() =>
      declare.source("own", optionalSecret("own", { ...texts, option: { name: "secret" } })),
    ).toThrow("--secret-env is an option");
  });
});

function answeredMembers(what: (typeof both)[number]): readonly string[] {
  const kinds = {
    sources: [{ ...portal, fields: {} }],
    destinations: [
      {
        kind: "odd",
        group: "webhooks" as const,
        label: words,
        help: words,
        testLeaves: words,
        fields: {},
        sends: true,
      },
    ],
  };
  const { changed } = what === "source" ? sourceSchemas(kinds) : destinationSchemas(kinds);
  return propertiesIn(changed as object);
}

function propertiesIn(schema: AnySchema): readonly string[] {
  const { properties = {}, allOf = [], anyOf = [] } = schema;
  return [...Object.keys(properties), ...[...allOf, ...anyOf].flatMap(propertiesIn)];
}

interface AnySchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly allOf?: readonly AnySchema[];
  readonly anyOf?: readonly AnySchema[];
}

async function helpOf(what: string, command: string): Promise<string> {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) };
  await runProgram([what, command, "--help"], {
    language: "en",
    env: {},
    actor: "cli:anna",
    kinds: { sources: [], destinations: [] },
    say: (said: { en: string }) => said.en,
    terminal: createTerminal(stream, stream, {}),
  });
  return written.join("");
}
