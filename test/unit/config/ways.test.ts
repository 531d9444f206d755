// A destination's `auth`, one of several ways: written, checked, stored, changed, shown, asked for.
import { describe, expect, it } from "vitest";
import { checkDestination } from "../../../src/config/check-part.ts";
import { destinationParts, shownDestination } from "../../../src/config/destination-part.ts";
import { destinationFormOf } from "../../../src/config/form-fields.ts";
import type { Destination } from "../../../src/domain/destinations/destination.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { http } from "../../../src/kinds/destinations/http/kind.ts";
import { bodyOfChange, bodyOfNew } from "../../../web/ui/form/form-body.ts";
import { draftOf } from "../../../web/ui/form/draft.ts";
import { loadedConfiguration, problemsOf } from "./load.ts";

const around = { sources: [], destinations: [], timezone: "UTC", rejectBodySchema: () => null };
const parts = destinationParts(builtInKinds);
const address = { kind: "http", url: "https://crm.example/leads" };

const box = {
  key: Buffer.alloc(32, 1),
  encrypt: (_place: string, secret: string) => Buffer.from(secret).reverse(),
  decrypt: (_place: string, stored: Buffer) => Buffer.from(stored).reverse().toString(),
};

function checked(entry: object): Destination {
  const result = checkDestination("crm", { ...address, ...entry }, around, builtInKinds);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.part;
}

function problems(entry: object): readonly string[] {
  const result = checkDestination("crm", { ...address, ...entry }, around, builtInKinds);
  return result.ok ? [] : result.problems.map(({ place, said }) => `${place} ${said.code}`);
}

const oauth2 = {
  kind: "oauth2",
  token_url: "https://login.example/oauth2/token?tenant=planted",
  client_id: "leadledger",
  client_secret: "planted-secret",
};

describe("a way that is chosen", () => {
  it("is read from leadledger.yaml, with what it takes from the environment", async () => {
    const { configuration } = await loadedConfiguration(
      "destinations: { crm: { kind: http, url: 'https://crm.example/', method: PUT, query: { team: a }, auth: { kind: bearer, token: '${TOKEN}' } } }",
      { TOKEN: "abc" },
    );
    expect(configuration.destinations[0]).toMatchObject({
      method: "PUT",
      query: { team: "a" },
      auth: { kind: "bearer", token: "abc" },
    });
  });

  it("that nobody chose proves nothing, as for every destination that was stored before", () => {
    const plain = checked({});
    expect(plain).toMatchObject({ auth: { kind: "none" }, method: "POST", query: {} });
    const before = {
      name: "crm",
      kind: "http",
      sends: true,
      settings: { origin: "https://crm.example", timeoutMs: 10_000, paused: false },
      secrets: box.encrypt("", JSON.stringify({ url: address.url, secret: "old", headers: { A: "b" } })),
      secretsMark: "",
    };
    expect(parts.fromStored(before, box)).toMatchObject({
      url: address.url,
      secret: "old",
      headers: { A: "b" },
      auth: { kind: "none" },
      method: "POST",
      query: {},
    });
  });

  it.each([
    [{ auth: { kind: "basic" } }, ["auth.username key_missing"]],
    [{ auth: {} }, ["auth.kind key_missing"]],
    [{ auth: { kind: "oauth" } }, ["auth.kind not_one_of"]],
    [{ auth: { kind: "bearer", token: "a b" } }, ["auth.token token_unsendable"]],
    [{ auth: { kind: "bearer", token: "ab", username: "x" } }, ["auth.username key_not_for_kind"]],
    [{ auth: { kind: "api_key", key: "abc", name: "Content-Length" } }, ["auth.name header_reserved"]],
    [{ auth: { kind: "api_key", key: "abc", name: "Content-Length", in: "query" } }, []],
    [{ auth: { kind: "hmac", secret: "abc", header: "a b" } }, ["auth.header header_name_invalid"]],
    [{ auth: { ...oauth2, token_url: "login.example" } }, ["auth.token_url url_scheme"]],
    [{ auth: { ...oauth2, client_auth: "mtls" } }, ["auth.client_auth not_one_of"]],
    [{ auth: { kind: "standard_webhooks" } }, ["secret key_missing"]],
    [{ auth: { kind: "standard_webhooks" }, secret: "abc" }, []],
    [{ method: "GET" }, ["method not_one_of"]],
    [{ query: { team: 1 } }, ["query.team wrong_type"]],
  ])("%j is told %j", (entry, expected) => {
    expect(problems(entry)).toEqual(expected);
  });

  it("warns of a token server at an internal address", () => {
    const entry = { ...address, auth: { ...oauth2, token_url: "http://10.0.0.1/token" } };
    const result = checkDestination("crm", entry, around, builtInKinds);
    expect(result.ok && result.warnings.map(({ place }) => place)).toEqual(["auth.token_url"]);
    const allowed = checkDestination("crm", { ...entry, allow_private: true }, around, builtInKinds);
    expect(allowed.ok && allowed.warnings).toEqual([]);
  });

  it("names the place in the file", async () => {
    const [problem] = await problemsOf(
      "destinations:\n  crm:\n    kind: http\n    url: https://crm.example/\n    auth: { kind: oauth2, token_url: https://login.example/, client_id: x }\n",
    );
    expect(problem).toMatchObject({ path: "destinations.crm.auth", line: 5 });
    expect(JSON.stringify(problem)).toContain("client_secret");
  });

  it("is stored sealed and comes back as it was", () => {
    const destination = checked({ auth: { ...oauth2, scope: "a b" }, query: { key: "planted" } });
    const stored = parts.toStored(destination, box);
    expect(JSON.stringify(stored.settings)).not.toMatch(/planted|login\.example/);
    expect(parts.fromStored(stored, box)).toEqual(destination);
  });

  it("shows everything but its secrets", () => {
    const shown = shownDestination(
      checked({ auth: { ...oauth2, scope: "a" }, query: { key: "planted" } }),
      () => "ab12",
      builtInKinds,
    );
    expect(shown).toMatchObject({
      query_names: ["key"],
      auth: {
        kind: "oauth2",
        token_url: "https://login.example",
        client_id: "leadledger",
        client_secret: { fingerprint: "ab12", not_after: null },
        scope: "a",
        client_auth: "basic",
      },
    });
    expect(JSON.stringify(shown)).not.toContain("planted");
  });

  it("keeps its secret when something else of it changes, and nothing when another is chosen", () => {
    const destination = checked({ auth: { ...oauth2, scope: "a" }, query: { one: "1", two: "2" } });
    const changed = (patch: object) => checked(parts.patch(destination, patch as never));
    expect(changed({ auth: { scope: null, client_auth: "body" } })).toMatchObject({
      auth: { kind: "oauth2", clientSecret: "planted-secret", clientAuth: "body" },
    });
    expect(changed({ auth: { kind: "bearer", token: "abc" } })).toMatchObject({
      auth: { kind: "bearer", token: "abc" },
    });
    expect(changed({ auth: null })).toMatchObject({ auth: { kind: "none" } });
    expect(changed({ query: { one: null, three: "3" } })).toMatchObject({ query: { two: "2", three: "3" } });
  });
});

describe("in a form, a way that is chosen", () => {
  const { fields } = destinationFormOf(http, "de");
  const text = (value: string) => ({ kind: "text", text: value }) as const;
  const names = fields.map(({ name }) => name);

  it("brings its fields, which others do not have", () => {
    const auth = fields.find(({ name }) => name === "auth.kind");
    expect(auth).toMatchObject({ type: "choice", default: "none", advanced: false });
    expect(names).not.toContain("auth.token");
    const basic = auth?.options.find(({ value }) => value === "basic");
    expect(basic?.fields).toMatchObject([
      { name: "auth.username", required: true, write_only: false },
      { name: "auth.password", required: false, write_only: true, shown_as: "auth.password" },
    ]);
  });

  it("is what is sent, and nothing of those that were not chosen in the end", () => {
    const start = draftOf(fields, null);
    expect(bodyOfNew(fields, start)).not.toHaveProperty("auth");
    const draft = {
      ...start,
      "auth.kind": text("basic"),
      "auth.token": text("typed before"),
      "auth.username": text("anna"),
      "auth.password": text("pw"),
    };
    expect(bodyOfNew(fields, draft)).toMatchObject({
      auth: { kind: "basic", username: "anna", password: "pw" },
    });
  });

  it("is changed without its secret being typed again", () => {
    const item = { auth: { kind: "basic", username: "anna", password: { fingerprint: "ab12" } } };
    const before = draftOf(fields, item, { "auth.password": ["ab12"] });
    const change = (draft: object) => bodyOfChange(fields, { ...before, ...draft }, before);
    expect(change({})).toEqual({});
    expect(change({ "auth.username": text("bea") })).toEqual({ auth: { kind: "basic", username: "bea" } });
    expect(change({ "auth.kind": text("none") })).toEqual({ auth: { kind: "none" } });
  });
});
