// Bodies that are bombs: deep, wide, endless, in thousands of parts, or with names that mean something to JavaScript. Each
// is stored as data or refused and kept, soon, and changes nothing for anybody else.
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { formFieldsMax } from "../../src/bodies/form-fields.ts";
import { readFormBody } from "../../src/bodies/form-body.ts";
import { ledgerDatabase, startTestApp, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import type { FreshDatabase } from "../support/database.ts";
import { postLead } from "../support/webhook-client.ts";
import type { Answer } from "../support/webhook-client.ts";

const [server] = inject("servers");
if (server === undefined) throw new Error("no database server");

const bodyLimitBytes = 4 * 1024 * 1024;
/** Nobody else is served while a body is read, so it must not take long, whatever is in it. */
const readLimitMs = 5_000;

let database: FreshDatabase;
let app: TestApp;
beforeAll(async () => {
  database = await ledgerDatabase(server);
  app = await startTestApp(database, { sources: [testSource("large", { bodyLimitBytes })] });
});
afterEach(() => {
  // Emptied, so that an error fails the test that it belongs to, and no other.
  const errors = app.log.splice(0).filter(({ level }) => level === "error");
  expect(errors).toEqual([]);
});
afterAll(async () => {
  await app.stop();
  await database.drop();
});

let number = 0;
async function send(body: string | Uint8Array<ArrayBuffer>, type = "application/json"): Promise<Answer> {
  number += 1;
  const startedMs = performance.now();
  const answer = await postLead(app.url, {
    path: "/webhook/lead/large",
    key: `bomb ${number}`,
    body,
    headers: { "content-type": type },
  });
  expect(performance.now() - startedMs).toBeLessThan(readLimitMs);
  return answer;
}

const codeOf = ({ status, json }: Answer): unknown => (status < 300 ? status : json["code"]);

async function storedBody(answer: Answer): Promise<unknown> {
  const { rows } = await app.installation.database.query<{ body: unknown }>(
    "SELECT payload -> 'body' AS body FROM audit_events WHERE run_id = $1 AND event_type = 'lead_received'",
    [answer.json["run_id"]],
  );
  return rows[0]?.body;
}

describe("JSON", () => {
  const million = 1_000_000;
  const fill = (piece: string, bytes: number): string => piece.repeat(Math.floor(bytes / piece.length));
  it.each<[name: string, body: string, answer: unknown]>([
    ["a million opened lists", `{"a":${"[".repeat(million)}`, "json_too_deep"],
    ["a million opened objects", fill('{"a":', million), "json_too_deep"],
    ["a million lists beside each other", `{"a":[${fill("[],", 3 * million)}0]}`, 202],
    ["objects beside each other", `{"a":[${fill("{},", 3 * million)}0]}`, 202],
    ["200,000 fields", `{${Array.from({ length: 200_000 }, (_, i) => `"f${i}":0`).join()}}`, 202],
    [
      "200,000 fields, the last one twice",
      `{${Array.from({ length: 200_000 }, (_, i) => `"f${i}":0`).join()},"f199999":0}`,
      "json_duplicate_key",
    ],
    ["a field 300,000 times", `{${fill('"a":0,', 2 * million)}"a":0}`, "json_duplicate_key"],
    ["a text of 4 MB", `{"a":"${"x".repeat(4 * million)}"}`, 202],
    ["a field name of 1 MB", `{"${"x".repeat(million)}":0}`, 202],
    ["a text that never ends", `{"a":"${"x".repeat(4 * million)}`, "json_malformed"],
    ["escapes for 4 MB", `{"a":"${fill("\\u00fc", 4 * million)}"}`, 202],
    [
      "backslashes for 4 MB, an odd number of them",
      `{"a":"${"\\".repeat(4 * million - 1)}"}`,
      "json_malformed",
    ],
    ["an integer of 4 MB", `{"a":${"9".repeat(4 * million)}}`, "json_number_out_of_range"],
    ["a fraction of 4 MB", `{"a":0.${"9".repeat(4 * million)}}`, "json_number_out_of_range"],
    ["an exponent of 4 MB", `{"a":1e${"0".repeat(4 * million)}1}`, 202],
    ["numbers of 400 digits for 4 MB", `{"a":[${fill(`${"9".repeat(400)},`, 4 * million)}0]}`, 202],
    ["1e308 for 1 MB: 50 MB as the database would write them", `{"a":[${fill("1e308,", million)}0]}`, 202],
    ["spaces for 4 MB", `{${" ".repeat(4 * million)}}`, 202],
    ["nothing but spaces", " ".repeat(4 * million), "body_empty"],
    ["line breaks before a mistake", `${"\n".repeat(4 * million)}x`, "json_malformed"],
  ])("%s", async (_, body, answer) => {
    expect(codeOf(await send(body))).toBe(answer);
  });
});

describe("names that mean something to JavaScript are stored as data and change nothing", () => {
  const hostile = [
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "then",
    "toJSON",
    "__defineGetter__",
  ];
  const unchanged = (): void => {
    const empty: Record<string, unknown> = {};
    expect(empty["polluted"]).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Object.keys(Array.prototype)).toEqual([]);
    expect(Object.prototype.toString.call(empty)).toBe("[object Object]");
  };

  it("in JSON, at every level", async () => {
    const members = hostile.map((name) => `"${name}":{"polluted":"yes","${name}":{"polluted":"yes"}}`).join();
    const body = `{${members},"list":[{${members}}]}`;
    const answer = await send(body);
    expect(answer.status).toBe(202);
    // Compared as text: an object with such names is what this is about.
    expect(JSON.stringify(await storedBody(answer)).match(/polluted/g)).toHaveLength(4 * hostile.length);
    unchanged();
  });

  it("in a form, also as its brackets", async () => {
    const names = hostile.flatMap((name) => [
      name,
      `${name}[polluted]`,
      `a[${name}][polluted]`,
      `${name}.polluted`,
    ]);
    const answer = await send(
      names.map((name) => `${encodeURIComponent(name)}=yes`).join("&"),
      "application/x-www-form-urlencoded",
    );
    expect(answer.status).toBe(202);
    expect(Object.keys((await storedBody(answer)) as object).toSorted()).toEqual(names.toSorted());
    unchanged();
  });

  it("in a multipart form, as names of fields, headers and parameters", async () => {
    const parts = hostile.map(
      (name) =>
        `--b\r\n${name}: polluted\r\nContent-Disposition: form-data; ${name}="polluted"; name="${name}"\r\n\r\nyes\r\n`,
    );
    const answer = await send(
      `${parts.join("")}--b--`,
      "multipart/form-data; boundary=b; __proto__=polluted",
    );
    expect(answer.status).toBe(202);
    expect(Object.keys((await storedBody(answer)) as object).toSorted()).toEqual(hostile.toSorted());
    unchanged();
  });
});

describe("forms", () => {
  const form = "application/x-www-form-urlencoded";
  it(`more than ${formFieldsMax} fields are refused; empty ones between ampersands are none`, async () => {
    const fields = (count: number): string => Array.from({ length: count }, (_, i) => `f${i}=`).join("&");
    expect((await send(fields(formFieldsMax), form)).status).toBe(202);
    expect(codeOf(await send(fields(formFieldsMax + 1), form))).toBe("form_malformed");
    expect((await send(`a=1${"&".repeat(1_000_000)}b=2`, form)).status).toBe(202);
    expect(codeOf(await send("&".repeat(1_000_000), form))).toBe("body_empty");
  });

  it("two million fields are counted, not made", () => {
    const body = Buffer.from("a&".repeat(2_000_000));
    const startedMs = performance.now();
    expect(readFormBody(body)).toMatchObject({ code: "form_malformed" });
    expect(performance.now() - startedMs).toBeLessThan(500);
  });

  it.each([
    ["percent signs", "%".repeat(4_000_000), 202],
    ["escapes of Latin-1", `a=${"%ff".repeat(1_000_000)}`, 202],
    ["escapes of no text", `a=${"%81".repeat(1_000_000)}`, "body_not_utf8"],
    ["the replacement character, sent as itself", `a=${"\ufffd".repeat(1_000_000)}`, 202],
    ["one name 1,000 times", "a=b&".repeat(formFieldsMax), 202],
  ])("%s", async (_, body, answer) => {
    expect(codeOf(await send(body, form))).toBe(answer);
  });
});

describe("multipart forms", () => {
  const type = "multipart/form-data; boundary=b";
  const field = (name: string, value = "", more = ""): string =>
    `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
  it.each<[name: string, body: string, answer: unknown]>([
    ["1,000 parts", `${field("a").repeat(1_000)}--b--`, 202],
    ["1,001 parts", `${field("a").repeat(1_001)}--b--`, "multipart_malformed"],
    ["100,000 empty parts", `${"--b\r\n\r\n".repeat(100_000)}--b--`, "multipart_malformed"],
    ["a million boundaries", `--b\r\n${"\r\n--b".repeat(800_000)}--`, "multipart_malformed"],
    ["no final boundary", field("a"), "multipart_malformed"],
    ["only a final boundary", "--b--", "body_empty"],
    ["headers without end", `--b\r\n${"X: y\r\n".repeat(600_000)}`, "multipart_malformed"],
    ["600,000 headers", `--b\r\n${"X: y\r\n".repeat(600_000)}\r\n\r\n--b--`, "multipart_malformed"],
    ["one header of 4 MB", `--b\r\nX: ${"y".repeat(4_000_000)}\r\n\r\n\r\n--b--`, "multipart_malformed"],
    ["a field name of 4 MB", `${field("n".repeat(4_000_000))}--b--`, 202],
    [
      "a name that never ends",
      `--b\r\nContent-Disposition: form-data; name="${'\\"'.repeat(1_000_000)}\r\n\r\n1\r\n--b--`,
      202,
    ],
    ["a million parameters", `${field("a", "1", ";x=y".repeat(900_000))}--b--`, 202],
    ["a folded header", '--b\r\nContent-Disposition: form-data;\r\n name="a"\r\n\r\n1\r\n--b--', 202],
    [
      "a multipart form within the form",
      `${field("a", "--c\r\n\r\n\r\n--c--", "\r\nContent-Type: multipart/mixed; boundary=c")}--b--`,
      202,
    ],
    ["boundaries that are nearly the one", `${field("a", "\r\n--".repeat(900_000))}--b--`, 202],
    [
      "a part of a charset that does not exist",
      `${field("a", "1", "\r\nContent-Type: text/plain; charset=nothing")}--b--`,
      202,
    ],
    [
      "a part that says it is base64",
      `${field("a", "1", "\r\nContent-Transfer-Encoding: base64")}--b--`,
      202,
    ],
  ])("%s", async (_, body, answer) => {
    expect(codeOf(await send(body, type))).toBe(answer);
  });

  it("a boundary of 70 characters that the body nearly repeats is looked for in linear time", async () => {
    const boundary = `${"a".repeat(69)}b`;
    const body = `--${boundary}\r\nContent-Disposition: form-data; name="x"\r\n\r\n\r\n--${"a".repeat(4_000_000)}\r\n--${boundary}--`;
    expect((await send(body, `multipart/form-data; boundary=${boundary}`)).status).toBe(202);
  });
});
