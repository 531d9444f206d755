// Whose turn it is, where a source distributes its leads: decided once for each lead, in the transaction that accepts it,
// by a number of turns that all nodes share. A batch of leads takes its turns together, so that the row of a source is
// locked once for hundreds of leads; leads that turn out to be repeats take none.
import { hash } from "node:crypto";
import { groupText, ruleOf, whoseTurn } from "../../domain/leads/distribution.ts";
import type { LeadGroup } from "../../domain/leads/distribution.ts";
import type { Lead } from "../../domain/leads/lead.ts";
import type { Queryable } from "../connection/database.ts";
import { todaySql } from "../connection/reporting-time-sql.ts";
import { eventSql, eventTypeSql } from "../log/event-sql.ts";

export interface ToDistribute {
  readonly runId: string;
  readonly source: string;
  /** It takes no turn: who has the next one gets it, and the next lead. */
  readonly test: boolean;
  readonly groups: readonly LeadGroup[];
  /** The lead that it repeats: who got that one gets this one, unless they have left the group. */
  readonly sameAs?: string | undefined;
}

export interface DistributedTo {
  readonly runId: string;
  readonly destination: string;
}

/** Of new leads, whose runs are there already: their deliveries, none of them leased. */
export async function distributeLeads(client: Queryable, leads: readonly Lead[]): Promise<void> {
  const places = await takeTurns(
    client,
    leads.map(({ runId, source, test, groups = [], sameAs }) => ({ runId, source, test, groups, sameAs })),
  );
  await insertDeliveries(client, places);
}

export async function insertDeliveries(client: Queryable, places: readonly DistributedTo[]): Promise<void> {
  if (places.length === 0) return;
  await client.query(
    `INSERT INTO internal.deliveries (run_id, destination) SELECT * FROM unnest($1::uuid[], $2::text[])`,
    [places.map(({ runId }) => runId), places.map(({ destination }) => destination)],
  );
}

/** The caller's transaction holds the runs, or has made them. One destination of each group of each lead. */
export async function takeTurns(
  client: Queryable,
  leads: readonly ToDistribute[],
): Promise<readonly DistributedTo[]> {
  const choices = leads.flatMap(({ groups, ...lead }) =>
    groups.map((group) => ({ ...lead, group, members: membersHash(group) })),
  );
  if (choices.length === 0) return [];
  const earlier = await earlierPlaces(
    client,
    choices.flatMap(({ sameAs }) => sameAs ?? []),
  );
  const same = (choice: Choice): string | undefined =>
    earlier
      .get(choice.sameAs ?? "")
      ?.find((name) => choice.group.members.some(({ destination }) => destination === name));
  const next = await countTurns(
    client,
    choices.filter((choice) => same(choice) === undefined),
  );
  const decided = choices.flatMap((choice): Decided[] => {
    const kept = same(choice);
    if (kept !== undefined) return [{ ...choice, destination: kept, turn: null }];
    const place = placeOf(choice);
    const turn = next.get(place) ?? 0;
    if (!choice.test) next.set(place, turn + 1);
    const destination = whoseTurn(choice.group, turn);
    return destination === null ? [] : [{ ...choice, destination, turn }];
  });
  await tellDecided(client, decided);
  return decided;
}

/** Who the leads went to when they came, by run id; of those alone that were distributed. */
export async function earlierPlaces(
  client: Queryable,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await client.query<{ run_id: string; destinations: string[] }>(
    `SELECT run_id, array_agg(payload ->> 'destination' ORDER BY event_id) AS destinations FROM public.audit_events
     WHERE run_id = ANY ($1::uuid[]) AND event_type = ${eventTypeSql("lead_distributed")} GROUP BY run_id`,
    [[...new Set(runIds)]],
  );
  return new Map(rows.map(({ run_id, destinations }) => [run_id, destinations]));
}

interface Choice extends Omit<ToDistribute, "groups"> {
  readonly group: LeadGroup;
  readonly members: string;
}

interface Decided extends Choice {
  readonly destination: string;
  /** null: none was taken. */
  readonly turn: number | null;
}

const hashes = new WeakMap<LeadGroup, string>();

function membersHash(group: LeadGroup): string {
  const known = hashes.get(group) ?? hash("sha256", groupText(group), "hex");
  hashes.set(group, known);
  return known;
}

function placeOf({ source, members }: Pick<Choice, "source" | "members">): string {
  return `${members} ${source}`;
}

/** The number of the first turn that is free, for each source and group; those of the leads are taken with it. */
async function countTurns(client: Queryable, choices: readonly Choice[]): Promise<Map<string, number>> {
  const wanted = new Map<string, { source: string; members: string; turns: number }>();
  for (const choice of choices) {
    const { source, members, test } = choice;
    const { turns } = wanted.get(placeOf(choice)) ?? { turns: 0 };
    wanted.set(placeOf(choice), { source, members, turns: turns + (test ? 0 : 1) });
  }
  // In one order, so that two batches cannot wait for each other in a circle.
  const sorted = [...wanted].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each);
  if (sorted.length === 0) return new Map();
  const { rows } = await client.query<{ source: string; members: string; turn: number }>(
    `INSERT INTO internal.distribution_turns AS t (source, members, turn)
     SELECT source, members, turns FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY
       AS taken (source, members, turns, position) ORDER BY position
     ON CONFLICT (source, members) DO UPDATE SET turn = t.turn + excluded.turn
     RETURNING source, members, turn`,
    [
      sorted.map(({ source }) => source),
      sorted.map(({ members }) => members),
      sorted.map(({ turns }) => turns),
    ],
  );
  return new Map(
    rows.map((row) => [placeOf(row), row.turn - (wanted.get(placeOf(row))?.turns ?? 0)] as const),
  );
}

async function tellDecided(client: Queryable, decided: readonly Decided[]): Promise<void> {
  await client.query(
    `INSERT INTO public.audit_events (run_id, event_type, payload)
     SELECT run_id, ${eventSql("lead_distributed", {
       destination: "destination",
       rule: "rule",
       among: "among::jsonb",
       skipped: "skipped::jsonb",
       turn: "turn",
       same_as: "same_as",
     })}
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[])
       AS t (run_id, destination, rule, among, skipped, turn, same_as)`,
    [
      decided.map(({ runId }) => runId),
      decided.map(({ destination }) => destination),
      decided.map(({ group }) => ruleOf(group)),
      decided.map(({ group }) => JSON.stringify(group.members)),
      decided.map(({ group: { skipped } }) => (skipped === undefined ? null : JSON.stringify(skipped))),
      decided.map(({ turn }) => turn),
      decided.map(({ turn, sameAs }) => (turn === null ? sameAs : null)),
    ],
  );
  const counted = decided.filter(({ test }) => !test);
  if (counted.length === 0) return;
  await client.query(
    `INSERT INTO internal.distributed_daily AS k (source, destination, day, leads)
     SELECT source, destination, ${todaySql}, count(*) FROM unnest($1::text[], $2::text[]) AS t (source, destination)
     GROUP BY source, destination ORDER BY source COLLATE "C", destination COLLATE "C"
     ON CONFLICT (source, destination, day) DO UPDATE SET leads = k.leads + excluded.leads`,
    [counted.map(({ source }) => source), counted.map(({ destination }) => destination)],
  );
}
