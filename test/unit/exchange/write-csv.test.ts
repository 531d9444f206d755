// CSV that is written here, read back by Python's csv module as by any other program: no line break, separator or blank of
// a text ends a cell or a row.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRefusedFile } from "../../../src/cli/import-export/import-refused.ts";
import type { ImportFile } from "../../../src/cli/import-export/import-source.ts";
import { csvText } from "../../../src/exchange/csv-text.ts";
import { csvFile, excelDeCsv, plainCsv } from "../../../src/exchange/export-csv.ts";
import type { ExportColumn } from "../../../src/ledger/import-export/export-rows.ts";
import { askPython, hasPython } from "../../support/python.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "leadledger-csv-"));
});
afterAll(() => rm(folder, { recursive: true }));

const texts = [
  ...["a\nb", "a\rb", "a\r\nb", "a\n\rb", "a\n", "a\r", "a\r\n\r\n", "a\vb", "a\fb", "a\u0085b", "a\u2028b"],
  ...[
    "a\u2029b",
    "a\u001Cb",
    "a;b",
    "a,b",
    "a\tb",
    "a|b",
    'a"b',
    '"',
    '""',
    'a\r"b',
    " a ",
    "\u00A0a",
    "a ",
    "",
  ],
];
const column = (name: string): ExportColumn => ({ name, kind: "text" }) as unknown as ExportColumn;

/** As somebody reads it who splits lines first, and as the module's own documentation says. */
const readers = {
  "a file opened with newline=''": "open(sys.argv[1], newline='', encoding='utf-8-sig')",
  splitlines: "open(sys.argv[1], newline='', encoding='utf-8-sig').read().splitlines(keepends=True)",
};

describe.skipIf(!hasPython)("a CSV file, read by Python", () => {
  describe.each(Object.entries(readers))("from %s", (_name, lines) => {
    it.each([
      ["for programs", plainCsv],
      ["for Excel", excelDeCsv],
    ] as const)("has every text as it was: an export %s", async (_style, style) => {
      const rows = texts.map((text) => [text, "end"]);
      const file = csvFile([column("text"), column("last")], pages(rows), style);
      expect(await read(await textOf(file), style.delimiter, lines)).toEqual([["text", "last"], ...rows]);
    });

    it("has every text as it was: a single column, its empty cells too", async () => {
      const rows = texts.map((text) => [text]);
      const file = csvFile([column("text")], pages(rows), plainCsv);
      expect(await read(await textOf(file), ",", lines)).toEqual([["text"], ...rows]);
    });

    it.each([",", ";", "\t", "|"] as const)(
      "has every text as it was: refused rows, separated by %j",
      async (delimiter) => {
        const path = join(folder, `refused-${delimiter.charCodeAt(0)}.csv`);
        const file: ImportFile = {
          isList: false,
          bytes: 0,
          rowsBeforeHeader: 0,
          header: ["a\nb", "c"],
          format: "csv",
          encoding: "utf-8",
          decimalMark: "point",
          dialect: { delimiter, hasBlanksAroundQuotes: false },
        };
        const refused = await openRefusedFile(path, file, null);
        await refused.add(
          texts.map((text, at) => ({
            row: { row: at + 2, body: null, key: null, fault: null, cells: [text, "x"] },
            key: null,
            reason: `why\n${text}`,
          })),
        );
        const records = await read(await readFile(refused.path ?? "", "utf8"), delimiter, lines);
        expect(records.slice(1)).toEqual(
          texts.map((text, at) => [text, "x", "", String(at + 2), `why\n${text}`]),
        );
      },
    );
  });
});

it("quotes no cell without need", () => {
  expect(csvText([["Erika Mustermann", "+49 30 1", "", "ä"]], ",")).toBe("Erika Mustermann,+49 30 1,,ä\r\n");
});

async function* pages(rows: readonly (readonly string[])[]): AsyncGenerator<string[][], void> {
  yield await Promise.resolve(rows.map((row) => [...row]));
}

async function textOf(file: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of file) text += piece;
  return text;
}

async function read(text: string, delimiter: string, lines: string): Promise<string[][]> {
  const path = join(folder, "read.csv");
  await writeFile(path, text);
  const script = `import csv, json, sys
print(json.dumps(list(csv.reader(${lines}, delimiter=sys.argv[2]))))`;
  return askPython(script, path, delimiter);
}
