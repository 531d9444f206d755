// /settings: what all nodes of this installation share.
import { createHash } from "node:crypto";
import { Type } from "typebox";
import type { Static } from "typebox";
import type { PartProblem } from "../../../config/check-part.ts";
import { valueRules } from "../../../config/value-rules.ts";
import type { Language } from "../../../domain/errors/error-catalogue.ts";
import { changeReportingTimezone } from "../../../config/change-timezone.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import {
  changeSharedSettings,
  readMaskedPointers,
  readNamesInLists,
  readTimezone,
  readTimezoneManager,
} from "../../../ledger/settings/settings.ts";
import type { SharedSettings } from "../../../ledger/settings/settings.ts";
import { fitsIfMatch } from "../frame/if-match.ts";
import { placed } from "../sources-and-destinations/part-answers.ts";
import type { Refused } from "../frame/route.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { closed, oneOf } from "../frame/schemas.ts";

export interface SettingsDeps {
  readonly database: Database;
}

const settings = Type.Object({
  timezone: Type.String({ description: "The reporting time zone: days of figures begin and end in it." }),
  timezone_managed_by: oneOf(["file", "api"], "file: leadledger.yaml says it; read-only here."),
  masked_pointers: Type.Unsafe<readonly string[]>({
    type: "array",
    items: { type: "string" },
    description:
      "JSON pointers into leads: masked like what is recognised as a person's by its German or English name, or by its source's `person`.",
  }),
  names_in_lists: Type.Boolean({
    description:
      "true: roles that may see person data see name and place in lists of leads; who saw which is recorded.",
  }),
});
export type Settings = Static<typeof settings>;

const maskedPointersMax = 100;
const pointerMaxCharacters = 500;

export function settingsRoutes({ database }: SettingsDeps) {
  const current = async () => {
    const values = {
      timezone: await readTimezone(database),
      timezone_managed_by: await readTimezoneManager(database),
      masked_pointers: await readMaskedPointers(database),
      names_in_lists: await readNamesInLists(database),
    };
    return { values, etag: createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 16) };
  };
  return [
    route(
      {
        method: "GET",
        path: "/settings",
        tag: "settings",
        access: "configuration.read",
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
        method: "PATCH",
        path: "/settings",
        isOfWhole: true,
        tag: "settings",
        access: "settings.write",
        summary: "Change settings",
        description: "Another time zone counts all daily figures afresh.",
        body: Type.Object(
          {
            timezone: Type.Optional(
              Type.String({ maxLength: 100, description: "IANA name: Europe/Berlin." }),
            ),
            masked_pointers: Type.Optional(
              Type.Array(Type.String({ maxLength: pointerMaxCharacters }), { maxItems: maskedPointersMax }),
            ),
            names_in_lists: Type.Optional(Type.Boolean()),
          },
          closed,
        ),
        answers: { 200: settings },
        problems: ["configuration_invalid", "managed_by_file", "changed_meanwhile"],
      },
      async ({ body: { timezone, ...shared }, principal, ifMatch, language }) => {
        const before = await current();
        if (!fitsIfMatch(ifMatch, before.etag)) return refuse("changed_meanwhile");
        const newZone = timezone === before.values.timezone ? undefined : timezone;
        if (newZone !== undefined && before.values.timezone_managed_by === "file")
          return refuse("managed_by_file");
        // Everything is looked at before anything is changed.
        const misfits = misfitsOf(newZone, shared.masked_pointers ?? []);
        if (misfits.length > 0) return invalid(misfits, language);
        if (newZone !== undefined) {
          const change = await changeReportingTimezone(database, principal.actor, newZone);
          if (change.kind === "unfit") return invalid([{ place: "timezone", said: change.misfit }], language);
        }
        const changed = changedOf(shared, before.values);
        if (Object.keys(changed).length > 0) await changeSharedSettings(database, principal.actor, changed);
        const { values, etag } = await current();
        return ok(values, { etag });
      },
    ),
  ];
}

/** What is not so already. */
function changedOf(wanted: SharedSettings, before: Settings): SharedSettings {
  const { masked_pointers: pointers, names_in_lists: names } = wanted;
  return {
    ...(pointers === undefined || JSON.stringify(pointers) === JSON.stringify(before.masked_pointers)
      ? {}
      : { masked_pointers: pointers }),
    ...(names === undefined || names === before.names_in_lists ? {} : { names_in_lists: names }),
  };
}

function misfitsOf(timezone: string | undefined, pointers: readonly string[]): PartProblem[] {
  const said = timezone === undefined ? null : valueRules.timezone(timezone, timezone);
  return [
    ...(said === null ? [] : [{ place: "timezone", said }]),
    ...pointers.flatMap((pointer, index) => {
      const wrong = valueRules.pointer(pointer, pointer);
      return wrong === null ? [] : [{ place: `masked_pointers[${index}]`, said: wrong }];
    }),
  ];
}

function invalid(problems: readonly PartProblem[], language: Language): Refused {
  return refuse("configuration_invalid", { problems: placed(problems, language) });
}
