// /settings: what all nodes of this installation share.
import { createHash } from "node:crypto";
import { Type } from "typebox";
import type { Said } from "../../config/problem.ts";
import { say } from "../../config/problem-texts.ts";
import { valueRules } from "../../config/value-rules.ts";
import type { Language } from "../../domain/error-catalogue.ts";
import { changeReportingTimezone } from "../../kpi/change-timezone.ts";
import type { Database } from "../../ledger/database.ts";
import { readTimezone, readTimezoneManager } from "../../ledger/settings.ts";
import { fitsIfMatch } from "./if-match.ts";
import type { Refused, Route } from "./route.ts";
import { ok, refuse, route } from "./route.ts";
import { closed, oneOf } from "./schemas.ts";

export interface SettingsParts {
  readonly database: Database;
}

const settings = Type.Object({
  timezone: Type.String({ description: "The reporting time zone: days of figures begin and end in it." }),
  timezone_managed_by: oneOf(["file", "api"], "file: leadledger.yaml says it; read-only here."),
});

export function settingsRoutes({ database }: SettingsParts): readonly Route[] {
  const current = async () => {
    const values = {
      timezone: await readTimezone(database),
      timezone_managed_by: await readTimezoneManager(database),
    };
    return { values, etag: createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 16) };
  };
  return [
    route(
      {
        ...{ method: "GET", path: "/settings", tag: "settings", access: "configuration.read" },
        summary: "What all nodes of this installation share",
        answers: { 200: settings },
      },
      async () => {
        const { values, etag } = await current();
        return ok(values, { etag });
      },
    ),
    route(
      {
        ...{ method: "PATCH", path: "/settings", tag: "settings", access: "settings.write" },
        summary: "Change settings",
        description: "Another time zone counts all daily figures afresh.",
        body: Type.Object(
          {
            timezone: Type.Optional(
              Type.String({ maxLength: 100, description: "IANA name: Europe/Berlin." }),
            ),
          },
          closed,
        ),
        answers: { 200: settings },
        problems: ["configuration_invalid", "managed_by_file", "changed_meanwhile"],
      },
      async ({ body: { timezone }, principal, ifMatch, language }) => {
        const before = await current();
        if (!fitsIfMatch(ifMatch, before.etag)) return refuse("changed_meanwhile");
        if (timezone !== undefined && timezone !== before.values.timezone) {
          if (before.values.timezone_managed_by === "file") return refuse("managed_by_file");
          const said = valueRules.timezone(timezone, timezone);
          if (said !== null) return misfit(said, language);
          const change = await changeReportingTimezone(database, principal.actor, timezone);
          if (change.kind === "unknown_timezone") {
            return misfit(
              { code: "timezone_unknown", params: { found: timezone, suggestion: null } },
              language,
            );
          }
        }
        const { values, etag } = await current();
        return ok(values, { etag });
      },
    ),
  ];
}

function misfit(said: Said, language: Language): Refused {
  const message = say(said, language);
  return refuse("configuration_invalid", { problems: [{ code: said.code, place: "timezone", message }] });
}
