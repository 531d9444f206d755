import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formFieldsMax } from "../../../src/bodies/form-fields.ts";
import { readBody } from "../../../src/bodies/read-body.ts";

const contentType = "multipart/form-data; boundary=grenze";

function body(...parts: string[]): Buffer {
  return Buffer.from(`${parts.map((part) => `--grenze\r\n${part}\r\n`).join("")}--grenze--\r\n`, "utf8");
}

const field = (name: string, value: string): string =>
  `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;

async function fieldsOf(rawBody: Buffer, type = contentType): Promise<unknown> {
  const read = await readBody(rawBody, type);
  if (read.kind !== "lead") throw new Error(JSON.stringify(read));
  expect(JSON.parse(read.json)).toEqual(read.value);
  return read.value;
}

describe("a multipart form becomes an object of its fields", () => {
  it("with umlauts, line breaks, empty values and lists", async () => {
    const form = body(
      field("name", "Jörg 👍"),
      field("text", "a\r\n--b\r\n"),
      field("x", ""),
      field("x", "2"),
    );
    expect(await fieldsOf(form)).toEqual({ name: "Jörg 👍", text: "a\r\n--b\r\n", x: ["", "2"] });
  });

  it("as the platform's own FormData sends it, with a file of any bytes inside the lead", async () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7) % 256);
    const form = new FormData();
    form.append("Name", "Müller");
    form.append("datei", new Blob([bytes], { type: "image/png" }), "Plan – Süd.png");
    const request = new Request("http://localhost/", { method: "POST", body: form });
    const rawBody = Buffer.from(await request.arrayBuffer());
    expect(await fieldsOf(rawBody, request.headers.get("content-type") ?? "")).toEqual({
      Name: "Müller",
      datei: {
        filename: "Plan – Süd.png",
        content_type: "image/png",
        size_bytes: 200_000,
        base64: Buffer.from(bytes).toString("base64"),
      },
    });
  });

  it("with names that mean something to JavaScript as mere names", async () => {
    const read = await readBody(body(field("__proto__", "x"), field("constructor", "y")), contentType);
    expect(read.kind === "lead" && read.json).toBe('{"__proto__":"x","constructor":"y"}');
  });

  it("without a file where none was chosen, but with an empty one that has a name", async () => {
    const file = (name: string, filename: string): string =>
      `Content-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
    const empty = {
      filename: "leer.txt",
      content_type: "application/octet-stream",
      size_bytes: 0,
      base64: "",
    };
    const form = body(file("cv", ""), field("a", "1"), file("docs[]", ""), file("docs[]", "leer.txt"));
    expect(await fieldsOf(form)).toEqual({ a: "1", "docs[]": [empty] });
    expect(await readBody(body(file("cv", "")), contentType)).toMatchObject({ code: "body_empty" });
  });

  it("without the byte order mark that stands before the form or its first name", async () => {
    expect(await fieldsOf(Buffer.from(`\uFEFF${body(field("email", "1")).toString()}`))).toEqual({
      email: "1",
    });
    expect(await fieldsOf(body(field("\uFEFFemail", "1"), field("b[]", "2")))).toEqual({
      email: "1",
      "b[]": ["2"],
    });
  });

  it("whatever the values are", async () => {
    const text = fc.string({ unit: "binary", maxLength: 300 }).filter((value) => !/\0|grenze/.test(value));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 8 }), async (values) => {
        const form = body(...values.map((value, index) => field(`f${index}`, value)));
        expect(Object.values((await fieldsOf(form)) as object)).toEqual(values);
      }),
    );
  });
});

describe("a multipart form that is broken is refused, never half read", () => {
  const whole = body(field("a", "1"), field("b", "2"));

  it("wherever it is cut off", async () => {
    const end = whole.lastIndexOf("--");
    for (let length = 1; length < end + 2; length++) {
      const read = await readBody(whole.subarray(0, length), contentType);
      expect(read).toMatchObject({ kind: "unreadable", code: "multipart_malformed" });
    }
  });

  it.each([
    ["no boundary", whole, "multipart/form-data"],
    ["an empty boundary", whole, 'multipart/form-data; boundary=""'],
    ["another boundary than announced", whole, "multipart/form-data; boundary=x"],
    ["a boundary of 5,000 characters", whole, `multipart/form-data; boundary=${"x".repeat(5000)}`],
    ["a part without headers", body(field("a", "1"), "only text"), contentType],
    ["a part that is no field", body(field("a", "1"), "Content-Type: text/plain\r\n\r\nx"), contentType],
    ["a part without a name", body("Content-Disposition: form-data\r\n\r\nx"), contentType],
    ["a NUL in a text", body(field("a", "1\0")), contentType],
    ["too many parts", body(...Array.from({ length: formFieldsMax + 1 }, () => field("a", ""))), contentType],
    ["headers without end", body(`X: ${"y".repeat(100_000)}`), contentType],
  ])("%s", async (_, rawBody, type) => {
    expect(await readBody(rawBody, type)).toMatchObject({ kind: "unreadable", code: "multipart_malformed" });
  });

  it("text, name or file name that is no text", async () => {
    const file = "Content-Disposition: form-data; name=\"f\"; filename*=utf-16le''%00%d8\r\n\r\nx";
    for (const part of [field("a", "M\xfcller\x81"), field("\xfc\x8d", "x"), file]) {
      const rawBody = Buffer.from(body(part).toString("utf8"), "latin1");
      expect(await readBody(rawBody, contentType)).toMatchObject({ code: "body_not_utf8" });
    }
  });

  it("one without any part is empty", async () => {
    expect(await readBody(body(), contentType)).toMatchObject({ code: "body_empty" });
    expect(await readBody(Buffer.alloc(0), contentType)).toMatchObject({ code: "body_empty" });
  });

  it("and however it is damaged, there is an answer", async () => {
    const piece = fc.constantFrom(
      ...[
        "--grenze",
        "\r\n",
        "--",
        "-",
        "\r",
        "\n",
        'Content-Disposition: form-data; name="a"',
        "\r\n\r\n",
        ":",
      ],
      ...[
        "; filename=",
        '"',
        "\\",
        "Content-Type: text/plain; charset=utf-16",
        "x",
        "\0",
        "ü",
        ";name*=x''%ff",
      ],
      ...["\r\n--grenze\r\n", "\r\n--grenze--", field("b", "c"), "Content-Transfer-Encoding: base64"],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 25 }), async (pieces) => {
        const rawBody = Buffer.from(`--grenze\r\n${pieces.join("")}\r\n--grenze--\r\n`);
        const read = await readBody(rawBody, contentType);
        if (read.kind === "lead") expect(JSON.stringify(read.value)).not.toMatch(/\\u0000|\\ud[89a-f]/);
        else expect(read.kind).toBe("unreadable");
      }),
      { numRuns: 3_000, interruptAfterTimeLimit: 30_000 },
    );
  }, 40_000);
});
