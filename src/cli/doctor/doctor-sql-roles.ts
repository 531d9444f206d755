// Whether the roles for SQL can do no more than they should, and see the days that the figures count.
import type { Installation } from "../../runtime/installation.ts";
import type { SqlRoleFaults } from "../../ledger/accounts/sql-role-faults.ts";
import { findSqlRoleFaults } from "../../ledger/accounts/sql-role-faults.ts";
import type { Check } from "./doctor-check.ts";

const routinesShown = 3;

export async function checkSqlRoles({ database }: Pick<Installation, "database">): Promise<Check[]> {
  return judgeSqlRoles(await findSqlRoleFaults(database));
}

export function judgeSqlRoles({ executable, creating, temporary, otherZone }: SqlRoleFaults): Check[] {
  const checks: Check[] = [];
  const { length: count } = executable.names;
  if (count > 0) {
    const shown = `${executable.names.slice(0, routinesShown).join(", ")}${count > routinesShown ? ", …" : ""}`;
    checks.push({
      check: "sql_functions",
      status: "fail",
      text: {
        en: `everybody may execute ${count} of LeadLedger's own functions (${shown}) and could forge leads and figures with them. Mostly a dump was restored without its rights`,
        de: `jeder darf ${count} der eigenen Funktionen von LeadLedger ausführen (${shown}) und könnte damit Leads und Zahlen fälschen. Meist wurde eine Sicherung ohne ihre Rechte zurückgespielt`,
      },
      advice: {
        en: `The next start of \`leadledger serve\` takes the right away, or: ${executable.sql}`,
        de: `Der nächste Start von \`leadledger serve\` nimmt dieses Recht weg, oder: ${executable.sql}`,
      },
    });
  }
  if (creating.names.length > 0) {
    checks.push({
      check: "sql_schema",
      status: "fail",
      text: {
        en: `roles for SQL that may make functions in the schema public, where LeadLedger's own would call them with its rights: ${creating.names.join(", ")}`,
        de: `Rollen für SQL, die im Schema public Funktionen anlegen dürfen, die dann von LeadLedgers eigenen mit dessen Rechten aufgerufen würden: ${creating.names.join(", ")}`,
      },
      advice: {
        en: `Whoever owns the database has to run: ${creating.sql}`,
        de: `Der Eigentümer der Datenbank muss ausführen: ${creating.sql}`,
      },
    });
  }
  if (temporary.names.length > 0) {
    checks.push({
      check: "sql_temporary",
      status: "warn",
      text: {
        en: `roles for SQL that may make temporary tables, and so fill the disk: ${temporary.names.join(", ")}`,
        de: `Rollen für SQL, die temporäre Tabellen anlegen dürfen und damit die Platte füllen könnten: ${temporary.names.join(", ")}`,
      },
      advice: {
        en: `Whoever owns the database can take that away, unless other programs in it need it: ${temporary.sql}`,
        de: `Der Eigentümer der Datenbank kann dieses Recht wegnehmen, sofern kein anderes Programm es darin braucht: ${temporary.sql}`,
      },
    });
  }
  if (otherZone.names.length > 0) {
    checks.push({
      check: "sql_timezone",
      status: "warn",
      text: {
        en: `roles for SQL that see times in a different zone than the reporting time zone, so that leads near midnight fall on other days than in kpi_daily: ${otherZone.names.join(", ")}`,
        de: `Rollen für SQL, die Zeiten nicht in der Zeitzone der Auswertungen sehen, sodass Leads um Mitternacht an anderen Tagen liegen als in kpi_daily: ${otherZone.names.join(", ")}`,
      },
      advice: {
        en: `The next start of \`leadledger serve\` sets it, where LeadLedger may change the roles; otherwise an administrator has to run: ${otherZone.sql}`,
        de: `Der nächste Start von \`leadledger serve\` stellt sie ein, wenn LeadLedger die Rollen ändern darf; sonst muss ein Administrator ausführen: ${otherZone.sql}`,
      },
    });
  }
  if (checks.length > 0) return checks;
  return [
    {
      check: "sql_roles",
      status: "ok",
      text: {
        en: "the roles for psql and BI tools can do no more than they should",
        de: "die Rollen für psql und BI-Werkzeuge dürfen nicht mehr, als sie sollen",
      },
    },
  ];
}
