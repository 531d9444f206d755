// Workbooks that are written here, read back by openpyxl, which pandas reads them with: every text comes back as it was.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { xlsxFile } from "../../../src/exchange/export-xlsx.ts";
import { textXml } from "../../../src/exchange/xlsx-cells.ts";
import type { ExportColumn } from "../../../src/ledger/import-export/export-rows.ts";
import { askPython, hasOpenpyxl } from "../../support/python.ts";

const texts = [
  ...["a\r\nb", "a\rb", "a\nb", "\r\n", "a\tb", " a ", "=1+1", "<&>\"'", "Ä€😀", "\u0085\u2028"],
  ...["_x000D_", "_x005F_x000D_", "__x000d__x0041_", "_x000D", "x000D_", "_xZZZZ_", "a_x00e4_\r\n"],
];

it.skipIf(!hasOpenpyxl)(
  "a text has its line breaks, and what looks like an escape, for openpyxl and pandas too",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "leadledger-xlsx-"));
    try {
      const chunks: Buffer[] = [];
      const column = { name: "Name_x000D_\r\n", kind: "text" } as unknown as ExportColumn;
      for await (const chunk of xlsxFile([column], pages(texts), "runs")) chunks.push(chunk);
      const path = join(folder, "leads.xlsx");
      await writeFile(path, Buffer.concat(chunks));
      const script = `import json, openpyxl, sys
rows = openpyxl.load_workbook(sys.argv[1]).active.iter_rows(values_only=True)
print(json.dumps([row[0] for row in rows]))`;
      expect(await askPython(script, path)).toEqual(["Name_x000D_\r\n", ...texts]);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

it("a text follows ST_Xstring: what XML cannot hold is escaped, and nothing else reads as an escape", () => {
  for (const text of [...texts, "\u0001", "_\u0001x", "\uD800", "a_\u000Bx0041_"]) {
    const runs = [...textXml("A1", text).matchAll(/<t xml:space="preserve">([^<]*)<\/t>/g)];
    expect(runs.map(([, run = ""]) => decoded(run)).join("")).toBe(text);
  }
});

/** As Excel reads a run: XML first, then the escapes (ECMA-376 part 1, section 22.9.2.19). */
function decoded(run: string): string {
  return run
    .replaceAll("&#13;", "\r")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_escape, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
}

async function* pages(values: readonly string[]): AsyncGenerator<string[][], void> {
  yield await Promise.resolve(values.map((text) => [text]));
}
