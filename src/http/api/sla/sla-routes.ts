// /sla: what is agreed about leads, how it stands, and how days and months kept it.
import { Type } from "typebox";
import { checkSlaTarget } from "../../../config/check-part.ts";
import type { PartProblem } from "../../../config/check-part.ts";
import type { DeclaredKinds } from "../../../config/declared-kind.ts";
import { slaEntryOf } from "../../../domain/sla/sla-target.ts";
import type { SlaDefinition } from "../../../domain/sla/sla-target.ts";
import type { Language } from "../../../domain/errors/error-catalogue.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import { isBeyondLimits, sqlState } from "../../../ledger/connection/postgres-error.ts";
import { readConfiguration } from "../../../ledger/configuration/configuration.ts";
import { pageOfSlaDays, readSlaMonths, readSlaStates, readToday } from "../../../ledger/sla/days.ts";
import type { SlaLive, SlaMonth } from "../../../ledger/sla/days.ts";
import { changeTarget, hasBeenTarget, listTargets } from "../../../ledger/sla/targets.ts";
import type { ManagedTarget, TargetRefusal } from "../../../ledger/sla/targets.ts";
import { slaDaysMembers } from "./sla-filter.ts";
import { nextCursor, readTextCursor } from "../frame/cursor.ts";
import { fitsIfMatch } from "../frame/if-match.ts";
import type { Refused } from "../frame/route.ts";
import { created, noContent, ok, refuse, route } from "../frame/route.ts";
import { closed, page, pageLimitDefault, pageQuery } from "../frame/schemas.ts";
import { placed } from "../sources-and-destinations/part-answers.ts";
import { nameAndEntry, entryOf } from "../sources-and-destinations/part-requests.ts";
import { partParams } from "../sources-and-destinations/part-schemas.ts";
import { addedSla, changedSla, slaDay, slaItem, slaMonth } from "./sla-schemas.ts";
import type { SlaItem } from "./sla-schemas.ts";

export interface SlaDeps {
  readonly database: Database;
  readonly kinds: DeclaredKinds;
}

const uniqueViolation = "23505";
const monthsMax = 36;
const monthsDefault = 12;
const dayPattern = /^\d{4}-\d\d-\d\d$/;

export function slaRoutes(deps: SlaDeps) {
  return [...readingRoutes(deps), ...writingRoutes(deps)];
}

function readingRoutes({ database }: SlaDeps) {
  return [
    route(
      {
        method: "GET",
        path: "/sla",
        isByClient: true,
        tag: "sla",
        access: "leads.read",
        summary: "Service levels, and how they stand",
        description:
          "By name. `today` and `month` are as whoever leads counted them last, a few seconds ago; null: not yet.",
        query: Type.Object({}, closed),
        answers: { 200: Type.Object({ items: Type.Array(slaItem) }) },
      },
      async () => ok({ items: await readItems(database) }),
    ),
    route(
      {
        method: "GET",
        path: "/sla/:name",
        tag: "sla",
        access: "leads.read",
        summary: "One service level",
        params: partParams,
        answers: { 200: slaItem },
        problems: ["sla_not_found"],
      },
      async ({ params: { name } }) => answerOf(database, name),
    ),
    route(
      {
        method: "GET",
        path: "/sla/:name/days",
        tag: "sla",
        access: "leads.read",
        summary: "How each day kept a service level, newest first",
        description:
          "As it was agreed that day. Also of one that was removed. A day that has been judged changes only with what happens to its leads: `changed_at` and `change_reason` say so.",
        params: partParams,
        query: Type.Object(
          { ...pageQuery, ...slaDaysMembers },
          { ...closed, description: "`to` is the last day." },
        ),
        answers: { 200: page(slaDay) },
        problems: ["cursor_invalid", "sla_not_found"],
      },
      async ({ params: { name }, query: { limit = pageLimitDefault, cursor, from = null, to = null } }) => {
        const read = readTextCursor(cursor, dayPattern);
        if (!read.ok) return refuse("cursor_invalid");
        if (!(await hasBeenTarget(database, name))) return refuse("sla_not_found");
        const { rows, next } = await pageOfSlaDays(
          database,
          { sla: name, from, to, before: read.after },
          limit,
        );
        return ok({ items: [...rows], next_cursor: nextCursor(next) });
      },
    ),
    route(
      {
        method: "GET",
        path: "/sla/:name/months",
        tag: "sla",
        access: "leads.read",
        summary: "How each month kept a service level, newest first, with its error budget",
        params: partParams,
        query: Type.Object(
          {
            months: Type.Optional(
              Type.Integer({
                minimum: 1,
                maximum: monthsMax,
                default: monthsDefault,
                description: "How many, with this one.",
              }),
            ),
          },
          closed,
        ),
        answers: { 200: Type.Object({ items: Type.Array(slaMonth) }) },
        problems: ["sla_not_found"],
      },
      async ({ params: { name }, query: { months = monthsDefault } }) => {
        if (!(await hasBeenTarget(database, name))) return refuse("sla_not_found");
        return ok({ items: (await readSlaMonths(database, name, months)).map(monthItem) });
      },
    ),
  ];
}

function writingRoutes({ database, kinds }: SlaDeps) {
  const check = async (
    name: string,
    entry: Readonly<Record<string, unknown>>,
    language: Language,
  ): Promise<SlaDefinition | Refused> => {
    const checked = checkSlaTarget(name, entry, kinds);
    const problems = checked.ok ? await unknownParts(database, checked.part) : checked.problems;
    if (!checked.ok || problems.length > 0)
      return refuse("configuration_invalid", { problems: placed(problems, language) });
    return checked.part;
  };
  return [
    route(
      {
        method: "POST",
        path: "/sla",
        tag: "sla",
        access: "configuration.write",
        summary: "Agree on a service level",
        description: "Days before it are judged by it, too: up to 400.",
        body: addedSla,
        answers: { 201: slaItem },
        problems: ["configuration_invalid", "name_taken", "managed_by_file", "clients_exceed_own"],
      },
      async ({ body, principal, language }) => {
        const { name, entry } = nameAndEntry(body);
        const target = await check(name, entry, language);
        if ("problem" in target) return target;
        const done = await within(() =>
          changeTarget<TargetRefusal>(database, principal.actor, name, (current) => {
            if (current === null) return { write: target };
            return { refusal: current.managedBy === "file" ? "managed_by_file" : "name_taken" };
          }),
        );
        if (done !== null) return done;
        const item = (await readItems(database)).find((each) => each.name === name);
        return item === undefined ? refuse("sla_not_found") : created(item);
      },
    ),
    route(
      {
        method: "PATCH",
        path: "/sla/:name",
        tag: "sla",
        access: "configuration.write",
        summary: "Change a service level",
        description: "Today and the days to come are judged by it; earlier ones keep what was agreed then.",
        params: partParams,
        body: changedSla,
        answers: { 200: slaItem },
        problems: [
          ...(["sla_not_found", "configuration_invalid", "managed_by_file"] as const),
          ...(["changed_meanwhile", "clients_exceed_own"] as const),
        ],
      },
      async ({ params: { name }, body, principal, language, ifMatch }) => {
        const before = (await listTargets(database)).find((target) => target.name === name);
        if (before === undefined) return refuse("sla_not_found");
        const target = await check(name, { ...slaEntryOf(before), ...entryOf(body) }, language);
        if ("problem" in target) return target;
        const done = await within(() =>
          changeTarget<TargetRefusal>(database, principal.actor, name, (current) => {
            if (current === null) return { refusal: "not_found" };
            if (current.managedBy === "file") return { refusal: "managed_by_file" };
            const isSeen = etagOf(current) === etagOf(before) && fitsIfMatch(ifMatch, etagOf(current));
            return isSeen ? { write: target } : { refusal: "changed_meanwhile" };
          }),
        );
        return done ?? answerOf(database, name);
      },
    ),
    route(
      {
        method: "DELETE",
        path: "/sla/:name",
        tag: "sla",
        access: "configuration.write",
        summary: "Remove a service level",
        description: "The days that it was judged on stay.",
        params: partParams,
        answers: { 204: null },
        problems: ["sla_not_found", "managed_by_file"],
      },
      async ({ params: { name }, principal }) => {
        const done = await within(() =>
          changeTarget<TargetRefusal>(database, principal.actor, name, (current) => {
            if (current === null) return { refusal: "not_found" };
            return current.managedBy === "file" ? { refusal: "managed_by_file" } : { write: null };
          }),
        );
        return done ?? noContent();
      },
    ),
  ];
}

/** null: it is done. What is about somebody else's leads, or about everybody's, is refused to who is limited to clients. */
async function within(
  change: () => Promise<
    { readonly kind: "done" } | { readonly kind: "refused"; readonly refusal: TargetRefusal }
  >,
): Promise<Refused | null> {
  const changed = await change().catch((error: unknown) => {
    if (isBeyondLimits(error)) return "clients_exceed_own" as const;
    // Another client's, which is not shown, has the name.
    if (sqlState(error) === uniqueViolation) return "name_taken" as const;
    throw error;
  });
  if (typeof changed === "string") return refuse(changed);
  if (changed.kind === "done") return null;
  return refuse(changed.refusal === "not_found" ? "sla_not_found" : changed.refusal);
}

/** A name that is not there counts nothing for ever. */
async function unknownParts(
  database: Database,
  { source, destination }: SlaDefinition,
): Promise<PartProblem[]> {
  const { sources, destinations } = await readConfiguration(database);
  const problems: PartProblem[] = [];
  if (source !== null && !sources.some(({ name }) => name === source))
    problems.push({
      place: "source",
      said: { code: "sla_part_unknown", params: { part: "source", name: source } },
    });
  if (destination !== null && !destinations.some(({ name }) => name === destination))
    problems.push({
      place: "destination",
      said: { code: "sla_part_unknown", params: { part: "destination", name: destination } },
    });
  return problems;
}

async function answerOf(database: Database, name: string) {
  const target = (await listTargets(database)).find((each) => each.name === name);
  const item = (await readItems(database)).find((each) => each.name === name);
  if (item === undefined || target === undefined) return refuse("sla_not_found");
  return ok(item, { etag: etagOf(target) });
}

function etagOf({ updatedAt }: ManagedTarget): string {
  return updatedAt.getTime().toString(36);
}

async function readItems(database: Database): Promise<SlaItem[]> {
  const targets = await listTargets(database);
  const states = await readSlaStates(database);
  const today = await readToday(database);
  const months = new Map((await readSlaMonths(database, null, 1)).map((month) => [month.sla, month]));
  return targets.map((target) => {
    const { name } = target;
    const month = months.get(name);
    return {
      ...entryMembers(target),
      live: liveOf(states.get(name)),
      today: today.get(name) ?? null,
      month: month === undefined ? null : monthItem(month),
    };
  });
}

function entryMembers(target: ManagedTarget) {
  const entry = slaEntryOf(target);
  return {
    name: target.name,
    managed_by: target.managedBy,
    label: target.label,
    measure: target.measure,
    source: target.source,
    destination: target.destination,
    client: target.client,
    within: entry.within ?? null,
    share: entry.share ?? null,
    opening_hours: target.openingHours === null ? null : [...target.openingHours],
    holidays: target.holidays,
  };
}

function liveOf(state: SlaLive | undefined) {
  if (state === undefined) return null;
  return {
    evaluated_at: state.evaluated_at,
    risk: state.risk,
    severity: state.severity,
    since: state.since,
    burn_rate: state.burn_rate,
    decided: state.decided,
    missed: state.missed,
    oldest_ms: state.oldest_ms,
  };
}

function monthItem({ budget, ...month }: SlaMonth) {
  const { expected, allowed, missed, left } = budget;
  return {
    month: month.month,
    state: month.state,
    decided_count: month.decided_count,
    met_count: month.met_count,
    missed_count: month.missed_count,
    pending_count: month.pending_count,
    share: month.share,
    days_met: month.days_met,
    days_missed: month.days_missed,
    budget: { expected_count: expected, allowed_count: allowed, missed_count: missed, left },
  };
}
