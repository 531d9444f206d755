// Destinations of kind `postgres`: every lead becomes a row of a table in somebody's PostgreSQL, exactly once.
import { destinationKind } from "../destination-kind.ts";
import { checkUser, postgresFields } from "./fields.ts";

export const postgres = destinationKind({
  kind: "postgres",
  group: "tables",
  label: { en: "PostgreSQL table", de: "PostgreSQL-Tabelle" },
  help: {
    en: "Every lead becomes a row of a table in a PostgreSQL of yours, exactly once, even where an answer was lost and the lead is sent again.",
    de: "Jeder Lead wird eine Zeile einer Tabelle in Ihrem PostgreSQL, genau einmal, auch wenn eine Antwort verloren ging und der Lead noch einmal gesendet wird.",
  },
  testLeaves: {
    en: "A test lead is a row of the table like any other, one more for each test.",
    de: "Ein Testlead wird eine Zeile der Tabelle wie jede andere, bei jedem Test eine mehr.",
  },
  fields: postgresFields,
  formOrder: ["url", "user", "password", "schema", "table", "tls"],
  check: checkUser,
  transport: () => import("./transport.ts"),
});
