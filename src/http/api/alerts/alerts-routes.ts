// /alerts: what is wrong now and what was, who looks after it, and what nobody wants to hear of for a while; and the rules.
import { Type } from "typebox";
import { readRules } from "../../../config/alerts-section.ts";
import { checkSection } from "../../../config/check-part.ts";
import type { DeclaredKinds } from "../../../config/declared-kind.ts";
import { alertTimings, ruleOf } from "../../../domain/alerts/alert-rules.ts";
import type { RuleChanges } from "../../../domain/alerts/alert-rules.ts";
import { urgency } from "../../../domain/figures/alarm.ts";
import { formatDuration } from "../../../domain/values/duration.ts";
import { explain } from "../../../explanations/catalogue.ts";
import {
  acknowledgeAlert,
  findAlert,
  listCleared,
  listRaised,
  muteAlert,
} from "../../../ledger/alerts/alerts.ts";
import type { AlertItem } from "../../../ledger/alerts/alerts.ts";
import { isAnybodyTold } from "../../../ledger/alerts/recipients.ts";
import { readAlertRules, writeAlertRules } from "../../../ledger/alerts/rules.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import { decodeCursor, encodeCursor, isCalendarTime } from "../frame/cursor.ts";
import { checkedByConfiguration } from "../frame/request-shape.ts";
import { ok, refuse, route } from "../frame/route.ts";
import {
  closed,
  nullable,
  oneOf,
  pageLimitDefault,
  pageQuery,
  timestamp,
  timestampText,
} from "../frame/schemas.ts";
import { placed } from "../sources-and-destinations/part-answers.ts";
import { isMapping } from "../../../config/fields/settings.ts";

export interface AlertsDeps {
  readonly database: Database;
  readonly kinds: DeclaredKinds;
  /** Where `database` is what a limited caller sees: all of it, for whether anybody is told at all. */
  readonly whole: Database;
}

const tag = "alerts";
const uuid = Type.String({ format: "uuid" });
const textMax = 500;

const item = Type.Object({
  alert_id: uuid,
  key: Type.String({ description: "Which alarm: the same every time it comes." }),
  code: Type.String(),
  title: Type.String({ description: "What is wrong, in the reader's language." }),
  severity: oneOf(["error", "warning"]),
  about: Type.Object({
    kind: oneOf(["installation", "source", "destination", "other"]),
    name: nullable(Type.String()),
  }),
  client: nullable(Type.String()),
  state: oneOf(["pending", "raised", "cleared"]),
  alarm: Type.Unsafe<Readonly<Record<string, unknown>>>({
    type: "object",
    description: "The facts, as in GET /overview, as they were last seen.",
  }),
  since: timestamp("When the alarm was first seen."),
  raised_at: nullable(timestamp("When it had stood for long enough.")),
  cleared_at: nullable(timestamp("When it was over; null: it is not.")),
  acknowledged_at: nullable(timestamp("When somebody said that they look after it.")),
  acknowledged_by: nullable(Type.String()),
  note: nullable(Type.String()),
  muted_until: nullable(timestamp("Nobody is told until then; null: it is not muted.")),
  mute_reason: nullable(Type.String()),
  told: Type.Array(Type.String(), { description: "Names of the recipients who were told." }),
});

const params = Type.Object({ alert_id: uuid });

export function alertsRoutes({ database, kinds, whole }: AlertsDeps) {
  return [
    route(
      {
        method: "GET",
        path: "/alerts",
        tag,
        access: "leads.read",
        summary: "What is wrong now, or what was",
        description: "Those that are raised, the worst first; or those that are over, the newest first.",
        query: Type.Object(
          { state: Type.Optional(oneOf(["raised", "cleared"], "Default: raised.")), ...pageQuery },
          closed,
        ),
        answers: {
          200: Type.Object({
            items: Type.Array(item),
            next_cursor: nullable(Type.String()),
            is_anybody_told: Type.Boolean({ description: "false: no recipient is confirmed." }),
          }),
        },
        problems: ["cursor_invalid"],
      },
      async ({ query: { state = "raised", limit = pageLimitDefault, cursor }, language }) => {
        const told = await isAnybodyTold(whole);
        if (state === "raised") {
          const items = (await listRaised(database, limit)).map((each) => shown(each, language));
          return ok({ items, next_cursor: null, is_anybody_told: told });
        }
        const before = readCursor(cursor);
        if (before === undefined) return refuse("cursor_invalid");
        const found = await listCleared(database, { before, limit: limit + 1 });
        const page = found.slice(0, limit);
        const last = page.at(-1);
        const next =
          found.length <= limit || last === undefined || last.cleared_at === null
            ? null
            : encodeCursor([last.cleared_at.toISOString(), last.alert_id]);
        return ok({
          items: page.map((each) => shown(each, language)),
          next_cursor: next,
          is_anybody_told: told,
        });
      },
    ),
    route(
      {
        method: "GET",
        path: "/alerts/:alert_id",
        tag,
        access: "leads.read",
        summary: "One alert",
        params,
        answers: { 200: item },
        problems: ["alert_unknown"],
      },
      async ({ params: { alert_id: id }, language }) => {
        const found = await findAlert(database, id);
        return found === null ? refuse("alert_unknown") : ok(shown(found, language));
      },
    ),
    route(
      {
        method: "POST",
        path: "/alerts/:alert_id/acknowledge",
        isOfWhole: true,
        tag,
        access: "dlq.retry",
        summary: "Say that somebody looks after it",
        description: "Nobody else is told of it because of silence. The second time it changes nothing.",
        params,
        body: Type.Object({ note: Type.Optional(nullable(Type.String({ maxLength: textMax }))) }, closed),
        answers: { 200: item },
        problems: ["alert_unknown", "alert_over"],
      },
      async ({ params: { alert_id: id }, body: { note = null }, principal, language }) => {
        const done = await acknowledgeAlert(database, principal.actor, id, note);
        if (done === "unknown") return refuse("alert_unknown");
        return done === "over" ? refuse("alert_over") : ok(shown(done, language));
      },
    ),
    route(
      {
        method: "POST",
        path: "/alerts/:alert_id/mute",
        isOfWhole: true,
        tag,
        access: "dlq.work",
        summary: "Tell nobody of this alarm until a time",
        description: "Also when it is over and comes again. The reason stands in the log.",
        params,
        body: Type.Object(
          {
            until: timestampText("Until when."),
            reason: Type.String({ minLength: 1, maxLength: textMax }),
          },
          closed,
        ),
        answers: { 200: item },
        problems: ["alert_unknown"],
      },
      async ({ params: { alert_id: id }, body: { until, reason }, principal, language }) => {
        const done = await muteAlert(database, principal.actor, id, { until: new Date(until), reason });
        return done === "unknown" ? refuse("alert_unknown") : ok(shown(done, language));
      },
    ),
    route(
      {
        method: "POST",
        path: "/alerts/:alert_id/unmute",
        isOfWhole: true,
        tag,
        access: "dlq.work",
        summary: "Tell of this alarm again",
        params,
        answers: { 200: item },
        problems: ["alert_unknown"],
      },
      async ({ params: { alert_id: id }, principal, language }) => {
        const done = await muteAlert(database, principal.actor, id, null);
        return done === "unknown" ? refuse("alert_unknown") : ok(shown(done, language));
      },
    ),
    ...rulesRoutes({ database, kinds }),
  ];
}

const rule = Type.Object({
  code: Type.String(),
  title: Type.String(),
  notify: Type.Boolean({ description: "false: nobody is told." }),
  severity: nullable(oneOf(["error", "warning"], "In place of the alarm's own; null: as it is.")),
  for: Type.String({ description: "How long an error has to stand." }),
  for_warnings: Type.String({ description: "How long a warning has to stand." }),
  clear_after: Type.String({ description: "How long it has to be gone." }),
  is_changed: Type.Boolean({ description: "Not as it is from the start." }),
});
const rulesAnswer = Type.Object({
  managed_by: oneOf(["file", "api"], "file: leadledger.yaml says them; read-only here."),
  items: Type.Array(rule),
});

function rulesRoutes({ database, kinds }: Pick<AlertsDeps, "database" | "kinds">) {
  return [
    route(
      {
        method: "GET",
        path: "/alert-rules",
        isOfWhole: true,
        tag,
        access: "configuration.read",
        summary: "Which alarms are told, and when",
        answers: { 200: rulesAnswer },
      },
      async ({ language }) => ok(await readAll(database, language)),
    ),
    route(
      {
        method: "PUT",
        path: "/alert-rules",
        isOfWhole: true,
        tag,
        access: "configuration.write",
        summary: "Say which rules differ from those that are on from the start",
        body: Type.Unsafe<unknown>({
          ...checkedByConfiguration,
          type: "object",
          description:
            "As `alerts.rules` in leadledger.yaml: by code, `notify`, `severity`, `for`, `clear_after`.",
        }),
        answers: { 200: rulesAnswer },
        problems: ["configuration_invalid", "managed_by_file"],
      },
      async ({ body, principal, language }) => {
        const before = await readAlertRules(database);
        if (before.managedBy === "file") return refuse("managed_by_file");
        const section = kinds.sections?.find(({ name }) => name === "alerts");
        const rules = isMapping(body) ? body : {};
        const checked = section === undefined ? null : checkSection(section, { rules }, kinds);
        if (checked !== null && !checked.ok)
          return refuse("configuration_invalid", { problems: placed(checked.problems, language) });
        await writeAlertRules(database, principal.actor, { managedBy: "api", rules: readRules(rules) });
        return ok(await readAll(database, language));
      },
    ),
  ];
}

async function readAll(database: Database, language: "en" | "de") {
  const { managedBy, rules } = await readAlertRules(database);
  return { managed_by: managedBy, items: urgency.map((code) => shownRule(code, rules, language)) };
}

function shownRule(code: (typeof urgency)[number], rules: RuleChanges, language: "en" | "de") {
  const ofError = ruleOf(code, "error", rules, alertTimings);
  const ofWarning = ruleOf(code, "warning", rules, alertTimings);
  return {
    code,
    title: explain(code, language)?.title ?? code,
    notify: ofError.notify,
    severity: ofError.severity,
    for: formatDuration(ofError.forMs),
    for_warnings: formatDuration(ofWarning.forMs),
    clear_after: formatDuration(ofError.clearAfterMs),
    is_changed: rules[code] !== undefined,
  };
}

function shown({ subject_kind: kind, subject: name, client, ...alert }: AlertItem, language: "en" | "de") {
  return {
    ...alert,
    title: explain(alert.code, language)?.title ?? alert.code,
    client: client === "" ? null : client,
    about: { kind, name },
    told: [...alert.told],
  };
}

/** undefined: not a cursor of this list. */
function readCursor(
  cursor: string | undefined,
): { readonly at: string; readonly id: string } | null | undefined {
  if (cursor === undefined) return null;
  const [at, id] = decodeCursor(cursor, 2) ?? [];
  if (typeof at !== "string" || typeof id !== "string" || !uuidForm.test(id)) return undefined;
  return timeForm.test(at) && isCalendarTime(at) ? { at, id } : undefined;
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
