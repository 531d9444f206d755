// Why a row of a file cannot be a lead, or a file not be imported: facts, and their words. They name columns, never what
// stands in them.
import type { Texts } from "../domain/errors/explained.ts";

export type RowFault =
  | { readonly kind: "quote_not_closed"; readonly line: number }
  | { readonly kind: "row_too_long"; readonly line: number; readonly charactersMax: number }
  | { readonly kind: "row_unreadable"; readonly line: number }
  | { readonly kind: "cell_count"; readonly cells: number; readonly columns: number }
  | { readonly kind: "value_without_column"; readonly column: number }
  | { readonly kind: "not_of_type"; readonly column: string; readonly type: "number" | "boolean" }
  | { readonly kind: "place_taken"; readonly column: string }
  | { readonly kind: "key_empty"; readonly columns: readonly string[] }
  | { readonly kind: "key_missing"; readonly places: readonly string[] }
  | { readonly kind: "not_an_object" }
  | { readonly kind: "lead_too_long"; readonly charactersMax: number };

export function rowFaultTexts(fault: RowFault): Texts {
  switch (fault.kind) {
    case "quote_not_closed":
      return {
        en: `a cell begins with a quotation mark that is never closed; it swallowed everything up to line ${fault.line}`,
        de: `eine Zelle beginnt mit einem Anführungszeichen, das nie geschlossen wird; sie hat alles bis Zeile ${fault.line} verschluckt`,
      };
    case "row_too_long":
      return {
        en: `a row near line ${fault.line} has more than ${fault.charactersMax} characters; perhaps a quotation mark is not closed`,
        de: `eine Zeile nahe Zeile ${fault.line} hat mehr als ${fault.charactersMax} Zeichen; vielleicht ist ein Anführungszeichen nicht geschlossen`,
      };
    case "row_unreadable":
      return {
        en: `a row near line ${fault.line} cannot be read`,
        de: `eine Zeile nahe Zeile ${fault.line} ist nicht lesbar`,
      };
    case "cell_count":
      return {
        en: `has ${fault.cells} cells where the header has ${fault.columns}`,
        de: `hat ${fault.cells} Zellen, die Kopfzeile aber ${fault.columns}`,
      };
    case "value_without_column":
      return {
        en: `has a value in column ${fault.column}, which has no name`,
        de: `hat einen Wert in Spalte ${fault.column}, die keinen Namen hat`,
      };
    case "not_of_type":
      return {
        en: `column ${quoted(fault.column)} is no ${fault.type}`,
        de: `Spalte ${quoted(fault.column)} ist ${typesInGerman[fault.type]}`,
      };
    case "place_taken":
      return {
        en: `column ${quoted(fault.column)} goes where another has put a value`,
        de: `Spalte ${quoted(fault.column)} soll dorthin, wo schon ein anderer Wert steht`,
      };
    case "key_empty": {
      const list = fault.columns.map(quoted).join(", ");
      const one = fault.columns.length === 1;
      return {
        en: `the key column ${list} is empty`,
        de: one
          ? `die Spalte ${list}, in der die Kennung steht, ist leer`
          : `die Spalten ${list}, in denen die Kennung steht, sind leer`,
      };
    }
    case "key_missing": {
      const list = fault.places.join(", ");
      return {
        en: `has no value at ${list}, where the key is, or is no JSON object`,
        de: `hat keinen Wert an der Stelle der Kennung (${list}) oder ist kein JSON-Objekt`,
      };
    }
    case "not_an_object":
      return { en: "is no JSON object", de: "ist kein JSON-Objekt" };
    case "lead_too_long":
      return {
        en: `the lead has more than ${fault.charactersMax} characters`,
        de: `der Lead hat mehr als ${fault.charactersMax} Zeichen`,
      };
  }
}

const typesInGerman = { number: "keine Zahl", boolean: "weder ja noch nein" } as const;

/** What a file is that holds no rows of leads. */
export type UnusableContent =
  | "empty"
  | "xlsx"
  | "zip"
  | "office"
  | "gzip"
  | "compressed"
  | "pdf"
  | "image"
  | "html"
  | "xml"
  | "vcard"
  | "binary"
  | "json_document"
  | "json_broken"
  | "json_not_a_list"
  | "json_too_large";

export type FileFault =
  | { readonly kind: UnusableContent }
  | { readonly kind: "unknown_separator"; readonly found: string }
  | { readonly kind: "no_column"; readonly missing: readonly string[]; readonly header: readonly string[] };

export function fileFaultTexts(fault: FileFault): Texts {
  switch (fault.kind) {
    case "unknown_separator":
      return {
        en: `its first line names ${quoted(fault.found)} as the separator; known are ; , tab and |`,
        de: `ihre erste Zeile nennt ${quoted(fault.found)} als Trennzeichen; bekannt sind ; , Tabulator und |`,
      };
    case "no_column": {
      const [missing, header] = [fault.missing, fault.header].map((names) => names.map(quoted).join(", "));
      return {
        en: `the file has no column ${missing}; it has ${header}`,
        de: `die Datei hat keine Spalte ${missing}; sie hat ${header}`,
      };
    }
    default:
      return contentTexts[fault.kind];
  }
}

const asCsv = {
  en: "Save it there as “CSV UTF-8” and import that file",
  de: "Speichern Sie sie dort als „CSV UTF-8“, und importieren Sie diese Datei",
};
const unpack = { en: "Unpack it first", de: "Entpacken Sie sie zuerst" };

const contentTexts: Readonly<Record<UnusableContent, Texts>> = {
  empty: { en: "the file is empty", de: "die Datei ist leer" },
  xlsx: {
    en: `this is an Excel workbook, which cannot be imported yet. ${asCsv.en}`,
    de: `das ist eine Excel-Arbeitsmappe; die lässt sich noch nicht importieren. ${asCsv.de}`,
  },
  office: {
    en: `this is a document of an office program (an old Excel file or the like), not CSV. ${asCsv.en}`,
    de: `das ist ein Dokument eines Office-Programms (eine alte Excel-Datei oder Ähnliches), kein CSV. ${asCsv.de}`,
  },
  zip: {
    en: `this is a ZIP archive (or a document that is one, as of LibreOffice), not CSV. ${unpack.en}, or save it as CSV`,
    de: `das ist ein ZIP-Archiv (oder ein Dokument, das eines ist, etwa aus LibreOffice), kein CSV. ${unpack.de}, oder speichern Sie sie als CSV`,
  },
  gzip: {
    en: `this file is compressed (gzip). ${unpack.en}; an archive of a whole installation is read in with --all`,
    de: `diese Datei ist komprimiert (gzip). ${unpack.de}; das Archiv einer ganzen Installation liest --all ein`,
  },
  compressed: {
    en: `this file is compressed. ${unpack.en}`,
    de: `diese Datei ist komprimiert. ${unpack.de}`,
  },
  pdf: {
    en: "this is a PDF. Export the table from where it came from as CSV",
    de: "das ist ein PDF. Exportieren Sie die Tabelle dort, wo es herkommt, als CSV",
  },
  image: { en: "this is a picture, not CSV", de: "das ist ein Bild, kein CSV" },
  html: {
    en: `this is a web page (HTML), not CSV; perhaps a sign-in page was saved, or an export that only is called .xls. Open it in a spreadsheet. ${asCsv.en}`,
    de: `das ist eine Webseite (HTML), kein CSV; vielleicht wurde eine Anmeldeseite gespeichert oder ein Export, der nur .xls heißt. Öffnen Sie sie in einer Tabellenkalkulation. ${asCsv.de}`,
  },
  xml: {
    en: `this is XML, not CSV. If a spreadsheet opens it: ${lowerFirst(asCsv.en)}`,
    de: `das ist XML, kein CSV. Lässt sie sich in einer Tabellenkalkulation öffnen: ${asCsv.de}`,
  },
  vcard: {
    en: "these are contacts as vCard, not CSV. Most address books export CSV too",
    de: "das sind Kontakte als vCard, kein CSV. Die meisten Adressbücher exportieren auch CSV",
  },
  binary: {
    en: "this is no text file, neither CSV nor NDJSON",
    de: "das ist keine Textdatei, weder CSV noch NDJSON",
  },
  json_document: {
    en: "this is one JSON object over several lines. Expected is a list of objects [{…}, {…}], or one object per line (`jq -c '.[]' file` makes them from a list)",
    de: "das ist ein einzelnes JSON-Objekt über mehrere Zeilen. Erwartet wird eine Liste von Objekten [{…}, {…}] oder ein Objekt je Zeile (`jq -c '.[]' datei` macht sie aus einer Liste)",
  },
  json_broken: {
    en: "this begins as a JSON list, but is no valid JSON; perhaps it is cut off",
    de: "das beginnt als JSON-Liste, ist aber kein gültiges JSON; vielleicht ist die Datei abgeschnitten",
  },
  json_not_a_list: {
    en: "this is a JSON list without objects; expected is [{…}, {…}], an object for each lead",
    de: "das ist eine JSON-Liste ohne Objekte; erwartet wird [{…}, {…}], ein Objekt je Lead",
  },
  json_too_large: {
    en: "this JSON list is too large to be read in one piece. `jq -c '.[]' file` makes one object per line from it",
    de: "diese JSON-Liste ist zu groß, um am Stück gelesen zu werden. `jq -c '.[]' datei` macht daraus ein Objekt je Zeile",
  },
};

function quoted(name: string): string {
  return JSON.stringify(name);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
