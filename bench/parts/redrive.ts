// Tens of thousands of failed entries of a destination that was mended, delivered again by one operation: how many per
// second, beside the rate at which leads go the whole way.
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { withFreshPlace } from "../bench.ts";
import type { Bench, Part } from "../bench.ts";
import type { Place } from "../contestants/contestant.ts";
import { product, startNode } from "../contestants/product.ts";
import { withSink } from "../contestants/run-sink.ts";
import { monotonicMs } from "../machine/monotonic.ts";
import type { PartResult } from "../result.ts";
import { ratios } from "../statistics.ts";
import { deliveryRun, send } from "./delivery-run.ts";
import { quietRun } from "./quiet-run.ts";

export const redrivePart: Part = {
  name: "redrive",
  steps: (scale) => scale.rounds * 2,
  run,
};

const redriveLimitMs = 240_000;
const pollMs = 20;

interface Redrive {
  readonly perSecond: number;
  readonly problems: readonly string[];
}

async function run(bench: Bench): Promise<PartResult> {
  const delivered: number[] = [];
  const redriven: number[] = [];
  const problems: string[] = [];
  for (let round = 1; round <= bench.scale.rounds; round += 1) {
    const step = `redrive ${round}/${bench.scale.rounds}`;
    const { run: whole } = await quietRun(bench, `${step}: the whole way`, () =>
      withSink((sink) =>
        withFreshPlace(bench, sink.url, (place) =>
          deliveryRun(bench, product, place, sink, bench.scale.deliverLeads.product),
        ),
      ),
    );
    const { run: again } = await quietRun(bench, `${step}: the same leads from the DLQ`, () =>
      withSink((sink) => withFreshPlace(bench, sink.url, (place) => redrive(bench, place, sink.url))),
    );
    delivered.push(whole.perSecond);
    redriven.push(again.perSecond);
    problems.push(...whole.problems, ...again.problems);
  }
  return {
    title: "Delivered again by one operation",
    about:
      "As many leads as in the delivery part have failed at a destination that is mended now; one `dlq.retry` over a filter " +
      "delivers them again. The clock runs from the order to the last entry that is resolved and its lead processed.",
    figures: [
      { what: "accept → delivered → processed", unit: "leads/s", values: delivered },
      { what: "ordered → retried → resolved", unit: "entries/s", values: redriven },
    ],
    targets: [
      {
        what: "bulk retry ÷ sustained delivery",
        wanted: { atLeast: 0.4 },
        unit: "×",
        values: ratios(redriven, delivered),
      },
    ],
    checks: ["Every entry is resolved as delivered, its lead processed, and has one event of the operation."],
    problems,
  };
}

async function redrive(bench: Bench, place: Place, sinkUrl: string): Promise<Redrive> {
  const entries = await failedEntries(bench, place);
  const adminKey = randomBytes(24).toString("hex");
  const environment = { ...environmentOf(place), LEADLEDGER_ADMIN_KEY: adminKey };
  const node = await startNode({ folder: place.folder, sinkUrl, environment });
  try {
    const startedMs = monotonicMs();
    await order(node.port, adminKey);
    const endMs = startedMs + redriveLimitMs;
    while ((await count(place, "public.dlq WHERE status IN ('open', 'retrying')")) > 0) {
      if (monotonicMs() > endMs) throw new Error("the entries were not resolved in time");
      await delay(pollMs);
    }
    const perSecond = (entries / (monotonicMs() - startedMs)) * 1_000;
    return { perSecond, problems: await problemsOf(place, entries) };
  } finally {
    await node.stop();
  }
}

/** Leads that were accepted while nothing could be sent, moved to the DLQ as a destination that is down leaves them. */
async function failedEntries(bench: Bench, place: Place): Promise<number> {
  const node = await startNode({ folder: place.folder, sinkUrl: null, environment: environmentOf(place) });
  try {
    await send(bench, node, bench.scale.deliverLeads.product);
  } finally {
    await node.stop();
  }
  await place.database.query(`
    INSERT INTO public.dlq (run_id, kind, destination, error_code, reason, payload)
    SELECT d.run_id, 'delivery', d.destination, 'destination_auth', 'crm answered 401',
      jsonb_build_object('source', r.source, 'body', e.payload -> 'body')
    FROM internal.deliveries d JOIN public.runs r USING (run_id)
      JOIN public.audit_events e ON e.run_id = d.run_id AND e.event_type = 'lead_received'`);
  await place.database.query("VACUUM ANALYZE");
  return count(place, "public.dlq WHERE status = 'open'");
}

async function order(port: number, adminKey: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/operations`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${adminKey}` },
    body: JSON.stringify({
      action: "dlq.retry",
      filter: { destination: "crm", error_code: "destination_auth" },
      reason: "the token is renewed",
    }),
  });
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
}

async function problemsOf(place: Place, entries: number): Promise<string[]> {
  const [told] = await place.database.query<{ entries: number; events: number; processed: number }>(`
    SELECT count(DISTINCT payload ->> 'dlq_id')::int AS entries, count(*)::int AS events,
      (SELECT count(*)::int FROM public.runs WHERE status = 'processed' AND outcome = 'delivered') AS processed
    FROM public.audit_events WHERE event_type = 'dlq_changed' AND payload ? 'operation_id'`);
  const problems: string[] = [];
  if (told?.entries !== entries || told.events !== entries)
    problems.push(`${told?.entries} of ${entries} entries were treated, with ${told?.events} events`);
  if (told?.processed !== entries) problems.push(`${told?.processed} of ${entries} leads are processed`);
  return problems;
}

async function count({ database }: Place, what: string): Promise<number> {
  const [row] = await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${what}`);
  return row?.count ?? 0;
}

const rootKeyHex = randomBytes(32).toString("hex");

function environmentOf({ database }: Place): Readonly<Record<string, string>> {
  return { DATABASE_URL: database.url, LEADLEDGER_KEY: rootKeyHex };
}
