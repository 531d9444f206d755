// What a value of a lead is when it stands in a column of its own.
import type { CellKind } from "../ledger/import-export/export-rows.ts";

export interface Cell {
  readonly kind: Exclude<CellKind, "field">;
  readonly text: string;
}

/** null: empty. */
export function cellOf(kind: CellKind, text: string | null): Cell | null {
  if (text === null) return null;
  return kind === "field" ? fieldCell(text) : { kind, text };
}

/** Numbers keep their digits, so they are not parsed. */
function fieldCell(json: string): Cell | null {
  switch (json[0]) {
    case '"':
      return { kind: "text", text: JSON.parse(json) as string };
    case "{":
    case "[":
      return { kind: "json", text: json };
    case "t":
    case "f":
      return { kind: "boolean", text: json };
    case "n":
      return null;
    default:
      return { kind: "number", text: json };
  }
}
