// Destinations of kind `google-sheets`: every lead is a row in a tab of a Google spreadsheet.
import { destinationKind } from "../destination-kind.ts";
import { appendAnswers } from "./answers.ts";
import { googleSheetsFields } from "./fields.ts";

export const googleSheets = destinationKind({
  kind: "google-sheets",
  group: "tables",
  label: { en: "Google Sheets", de: "Google Tabellen" },
  help: {
    en: "Every lead is a row. The tab's first row says what stands where; in an empty tab it is written by itself.",
    de: "Jeder Lead wird eine Zeile. Die erste Zeile des Tabellenblatts sagt, was wo steht; in einem leeren Blatt wird sie von selbst geschrieben.",
  },
  testLeaves: {
    en: "A test lead is a row like any other, one more for each test; in an empty tab the headings, too.",
    de: "Ein Testlead wird eine Zeile wie jede andere, bei jedem Test eine mehr; in einem leeren Blatt kommen die Überschriften hinzu.",
  },
  fields: googleSheetsFields,
  answers: [{ rules: appendAnswers("https://docs.google.com/spreadsheets") }],
  formOrder: ["spreadsheet", "tab", "serviceAccount", "map", "runIdHeading", "success"],
  transport: () => import("./transport.ts"),
});
