// CSV files as people have them: any delimiter, encoding and decimal mark; broken rows are faults, not ends.
import fc from "fast-check";
import { stringify } from "csv-stringify/sync";
import { describe, expect, it } from "vitest";
import {
  csvDelimiters,
  detectDecimalMark,
  declaredSeparator,
  detectDelimiter,
  hasBlanksAroundQuotes,
  jsonNumber,
} from "../../../src/exchange/csv-dialect.ts";
import { csvRecords } from "../../../src/exchange/csv-records.ts";
import { decoded, detectEncoding } from "../../../src/exchange/text-encoding.ts";

async function* inPieces(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe("the encoding of a file", () => {
  const text = "Name;Straße\nJürgen;Königsallee 1 „a“ €\n".repeat(20);
  const utf16be = Buffer.from(text, "utf16le").swap16();
  const cases: readonly (readonly [string, Buffer, string])[] = [
    ["utf-8", Buffer.from(text), "UTF-8"],
    ["utf-8", Buffer.from(`\uFEFF${text}`), "UTF-8 with its mark"],
    ["utf-16le", Buffer.from(`\uFEFF${text}`, "utf16le"), "UTF-16 as Excel writes it"],
    ["utf-16le", Buffer.from(text, "utf16le"), "UTF-16 without its mark"],
    ["utf-16be", utf16be, "big-endian UTF-16"],
    ["windows-1252", windows1252(text), "Windows-1252"],
  ];
  it.each(cases)("is recognised: %s (%#)", async (encoding, bytes, _what) => {
    expect(await detectEncoding(inPieces(bytes, 4096))).toBe(encoding);
    expect((await all(decoded(inPieces(bytes), encoding as "utf-8"))).join("")).toBe(text);
  });

  it("is recognised by an umlaut that stands in the last line", async () => {
    expect(
      await detectEncoding(
        inPieces(Buffer.concat([Buffer.alloc(300_000, "a;b\n"), windows1252("ü")]), 65_536),
      ),
    ).toBe("windows-1252");
  });
});

function windows1252(text: string): Buffer {
  const odd: Readonly<Record<string, number>> = { "€": 0x80, "„": 0x84, "“": 0x93 };
  return Buffer.from(Array.from(text, (character) => odd[character] ?? character.charCodeAt(0)));
}

describe("the delimiter", () => {
  it.each(csvDelimiters)("%j is recognised, whatever stands in quotation marks", (delimiter) => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(fc.string({ unit: fc.constantFrom("a", "ü", ";", ",", "\t", "|", '"', "\n", " ") }), {
            minLength: 4,
            maxLength: 4,
          }),
          { minLength: 3, maxLength: 9 },
        ),
        (rows) => {
          const sample = stringify([["id", "Name", "E-Mail", "Ort"], ...rows], { delimiter, quoted: true });
          expect(detectDelimiter(sample)).toBe(delimiter);
        },
      ),
    );
  });

  it.each([
    ["sep=;\r\na;b", ";"],
    ["\uFEFFSEP=,\na,b", ","],
    ['"sep=|"\na|b', "|"],
    ["sep=\t\na\tb", "\t"],
    ["sep=\\t\na\tb", "\t"],
    ["sep=:\na:b", ":"],
    ["sep=;", ";"],
    ["separator=;\na;b", null],
    ["a;b\nsep=;", null],
  ])("is what the first line says: %j", (sample, separator) => {
    expect(declaredSeparator(sample)).toBe(separator);
  });

  it("is recognised beside blank rows and blanks before quotation marks", () => {
    expect(detectDelimiter(';;;\n\n"Name"; "a,b"; c;d\n;;;\n1; "x,y"; 2;3\n;;;\n')).toBe(";");
  });

  it("is none where there is a single column", () => {
    expect(detectDelimiter("email\na@example.com\nb@example.com\n")).toBe(",");
  });
});

describe("numbers", () => {
  it.each([
    [["1.234,50", "3,5"], ",", "comma"],
    [["1,234.50", "3.5"], ";", "point"],
    [["1.234"], ";", "comma"],
    [["1.234"], ",", "point"],
    [["1.234.567"], ",", "comma"],
    [["12,5", "1.5", "2.5"], ";", "point"],
    [[], ";", "comma"],
  ] as const)("%j with %j have a decimal %s", (numbers, delimiter, mark) => {
    expect(detectDecimalMark(numbers, delimiter)).toBe(mark);
  });

  it.each([
    ["1.234,50", "comma", "1234.50"],
    ["1.234,50 €", "comma", "1234.50"],
    ["12345678901234567890,123456789", "comma", "12345678901234567890.123456789"],
    ["1,234.5", "point", "1234.5"],
    ["-0,5", "comma", "-0.5"],
    ["+49", "comma", "49"],
    ["007", "point", "7"],
    ["1 234,5", "comma", "1234.5"],
    ["1.23.4", "comma", null],
    ["12,34,5", "comma", null],
    ["zwölf", "comma", null],
    ["1e5", "point", null],
    ["", "point", null],
  ] as const)("%j with a decimal %s is %j, digit by digit", (text, mark, number) => {
    expect(jsonNumber(text, mark)).toBe(number);
  });

  it("are JSON whenever they are numbers at all", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("0", "1", "9", ".", ",", "-", "+", " ", "'", "€") }),
        (text) => {
          for (const mark of ["comma", "point"] as const) {
            const number = jsonNumber(text, mark);
            if (number !== null) expect(() => JSON.parse(number) as unknown).not.toThrow();
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

describe("the rows of a file", () => {
  const read = (text: string): Promise<unknown[]> =>
    all(csvRecords(texts(text), { delimiter: ";", hasBlanksAroundQuotes: hasBlanksAroundQuotes(text) }));

  async function* texts(text: string): AsyncGenerator<string> {
    for (let at = 0; at < text.length; at += 5) yield await Promise.resolve(text.slice(at, at + 5));
  }

  it("may hold line breaks in quotation marks, stray marks, other lengths and empty lines", async () => {
    expect(await read('a;b\r\n1;"x\r\ny ""z"""\r\n\r\n2;5" Rohr\r\n3\r\n4;5;6')).toEqual([
      { row: 1, cells: ["a", "b"] },
      { row: 2, cells: ["1", 'x\r\ny "z"'] },
      { row: 3, cells: [""] },
      { row: 4, cells: ["2", '5" Rohr'] },
      { row: 5, cells: ["3"] },
      { row: 6, cells: ["4", "5", "6"] },
    ]);
  });

  it("are all there when the last one never closes its quotation mark, which is said", async () => {
    expect(await read('a;b\n1;2\n3;"4\n5;6\n')).toEqual([
      { row: 1, cells: ["a", "b"] },
      { row: 2, cells: ["1", "2"] },
      { row: 3, fault: { kind: "quote_not_closed", line: 4 }, text: '3;"4\n5;6\n' },
    ]);
  });

  it("may have blanks beside quotation marks, which belong to no cell", async () => {
    expect(await read('"Name"; "E-Mail" ;\t"Ort"\n"a"; " b ";c \n')).toEqual([
      { row: 1, cells: ["Name", "E-Mail", "Ort"] },
      { row: 2, cells: ["a", " b ", "c"] },
    ]);
    expect(await read("a; b \n")).toEqual([{ row: 1, cells: ["a", " b "] }]);
  });

  it("may end their lines in different ways", async () => {
    expect(await read("a;b\r\n1;2\n3;4\r5;6")).toMatchObject([
      ...[
        ["a", "b"],
        ["1", "2"],
        ["3", "4"],
        ["5", "6"],
      ].map((cells) => ({ cells })),
    ]);
  });

  it("never make it throw, whatever they are", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom("a", ";", '"', "\n", "\r", "\u2028", "ü") }),
        async (text) => {
          await read(text);
        },
      ),
      { numRuns: 500 },
    );
  });
});
