// What the dashboard sends of a generated form, with the fields that the server really describes.
import { describe, expect, it } from "vitest";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { destinationFormOf, sourceFields } from "../../../src/config/form-fields.ts";
import { http as httpKind } from "../../../src/kinds/destinations/http/kind.ts";
import type { Draft, DraftValue } from "../../../web/ui/form/draft.ts";
import { draftOf } from "../../../web/ui/form/draft.ts";
import { problemsByField } from "../../../web/ui/form/field-problems.ts";
import { bodyOfChange, bodyOfNew } from "../../../web/ui/form/form-body.ts";

const source = sourceFields("de", builtInKinds);
const http = destinationFormOf(httpKind, "de").fields;
const text = (typed: string): DraftValue => ({ kind: "text", text: typed });

describe("A new source or destination", () => {
  it("says what was filled in and leaves defaults to the server", () => {
    const draft = { ...draftOf(source, null), name: text("website") };
    expect(bodyOfNew(source, draft)).toEqual({
      name: "website",
      auth: { kind: "token" },
      to: null,
    });
    const filled = {
      ...draftOf(http, null),
      url: text(" https://crm.example "),
      "retry.fast": text("1s; 2m"),
    };
    expect(bodyOfNew(http, filled)).toEqual({ url: "https://crm.example", retry: { fast: ["1s", "2m"] } });
  });

  it("says another rule for keys, and the one that holds anyway only where its window is another", () => {
    const draft = { ...draftOf(source, null), name: text("website") };
    const keyOf = (change: Draft): unknown => bodyOfNew(source, { ...draft, ...change })["key"];
    expect(keyOf({})).toBeUndefined();
    expect(keyOf({ "key.body_hash": text("1h") })).toEqual({ header: "preferred", body_hash: "1h" });
    expect(keyOf({ key: text("header") })).toBeNull();
    expect(keyOf({ key: text("body_hash") })).toEqual({ body_hash: "10m" });
    expect(keyOf({ key: text("pointer"), "key.pointer": text("/id") })).toEqual({ pointer: "/id" });
  });

  it("says that an alternative was chosen, even if what belongs to it is missing", () => {
    const draft = { ...draftOf(source, null), key: text("pointer") };
    expect(bodyOfNew(source, draft)).toMatchObject({ key: { pointer: "" } });
  });
});

describe("A change", () => {
  const website = {
    name: "website",
    auth: { kind: "hmac", secrets: [] },
    key: { body_hash: "10m" },
    to: ["crm"],
    schema: null,
    person: { email: "/email", phone: "/phone" },
    body_limit: "256kB",
    rate_limit: null,
    paused: false,
  };
  const before = draftOf(source, website);
  const changed = (draft: Draft) => bodyOfChange(source, { ...before, ...draft }, before);

  it("of nothing says nothing", () => {
    expect(changed({})).toEqual({});
  });

  it("of a part of a member says the whole member, which takes the place of what there is", () => {
    expect(changed({ "person.phone": text("/tel") })).toEqual({ person: { email: "/email", phone: "/tel" } });
    expect(changed({ "person.phone": text("") })).toEqual({ person: { email: "/email", phone: null } });
    expect(changed({ "person.phone": text(""), "person.email": text("") })).toEqual({ person: null });
    expect(changed({ "auth.secret": text("new") })).toMatchObject({ auth: { kind: "hmac", secret: "new" } });
    expect(changed({ key: text("pointer"), "key.pointer": text("/id") })).toEqual({
      key: { pointer: "/id" },
    });
    expect(changed({ key: text("header") })).toEqual({ key: null });
    expect(changed({ key: text("header_preferred") })).toEqual({
      key: { header: "preferred", body_hash: "10m" },
    });
    const preferred = draftOf(source, { ...website, key: { header: "preferred", body_hash: "5m" } });
    expect(preferred["key"]).toEqual(text("header_preferred"));
    expect(draftOf(source, { ...website, key: null })["key"]).toEqual(text("header"));
    expect(changed({ to: { kind: "names", names: null } })).toEqual({ to: null });
    expect(changed({ rate_limit: text("5/s") })).toEqual({ rate_limit: "5/s" });
  });

  it("keeps what is never shown unless it was typed or taken away", () => {
    const stored = { url: ["https://crm.example"], headers: ["X-One", "X-Two"], secret: ["ab12"] };
    const item = { kind: "http", timeout: "10s", concurrency: 16, retry: { fast: [], slow: ["1h"] } };
    const start = draftOf(http, item, stored);
    const rows = start["headers"]?.kind === "headers" ? start["headers"].rows : [];
    const send = (draft: Draft) => bodyOfChange(http, { ...start, ...draft }, start);
    expect(send({})).toEqual({});
    expect(
      send({
        headers: { kind: "headers", rows: rows.map((row) => ({ ...row, isRemoved: row.name === "X-One" })) },
      }),
    ).toEqual({ headers: { "X-One": null } });
    expect(
      send({
        headers: {
          kind: "headers",
          rows: [...rows, { id: 9, name: "", value: "", isStored: false, isRemoved: false }],
        },
      }),
    ).toEqual({});
    expect(send({ secret: { kind: "removed" } })).toEqual({ secret: null });
    expect(send({ "retry.slow": text("") })).toEqual({ retry: { fast: [], slow: [] } });
    expect(send({ concurrency: text("a few") })).toEqual({ concurrency: "a few" });
  });
});

it("A message stands at the field whose name its place begins with", () => {
  const problem = (place: string) => ({ code: "x", place, message: "wrong" });
  const places = ["retry.fast[1]", "headers.X-Team", "url", "secrets", "urls"].map(problem);
  expect(problemsByField(places, ["url", "headers", "retry.fast", "retry"])).toEqual({
    byField: { url: ["wrong"], headers: ["X-Team: wrong"], "retry.fast": ["2. wrong"] },
    others: [problem("secrets"), problem("urls")],
  });
});
