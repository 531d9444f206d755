// Faults of our own machinery, made with triggers that raise for the rows they are told to, and a look at who suffers.
import { request } from "undici";
import type { HttpDestination } from "../../src/kinds/destinations/http/fields.ts";
import type { TestApp, TestConfiguration } from "./app.ts";
import { testSource } from "./app.ts";
import type { DeliveryScene } from "./delivery-scene.ts";
import { postLead, postLeads, quickDestination } from "./delivery-scene.ts";
import type { Sink } from "./sink.ts";

/** Leads or rows beside the poison. */
export const neighbours = 12;
/** Runs whose key begins so are poison. */
export const poisonKey = "poison";
/** As a condition of a trigger on a table with run_id. */
export const isPoison = `EXISTS (SELECT FROM runs r WHERE r.run_id = NEW.run_id AND r.idempotency_key LIKE '${poisonKey}%')`;
/** One fast retry, then a long wait: what is sent more often is sent because of the fault. */
export const retry: HttpDestination["retry"] = { fastMs: [50], slowMs: [600_000] };

/** One source, one destination. */
export function to(sink: Sink, schedule = retry): TestConfiguration {
  return {
    sources: [testSource("website")],
    destinations: [quickDestination("crm", sink.url, { retry: schedule })],
  };
}

export interface Poison {
  /** Raises for rows that meet the condition; `times`: only so often, counted although each is rolled back. */
  refuse(table: string, when: "INSERT" | "UPDATE", condition: string, times?: number): Promise<void>;
  /** What was refused is accepted from now on. */
  mend(): Promise<void>;
  /** A lead that is poison among others that are not. */
  post(node: TestApp, key?: string): Promise<void>;
  /** The run whose key begins so. */
  runId(key?: string): Promise<string>;
  run(): Promise<Record<string, unknown>>;
  sends(sink: Sink): Promise<number>;
}

export function usePoison(scene: DeliveryScene): Poison {
  const runId = (key = poisonKey): Promise<string> =>
    scene.value("SELECT run_id::text FROM runs WHERE idempotency_key LIKE $1", [`${key}%`]);
  return {
    async refuse(table: string, when: "INSERT" | "UPDATE", condition: string, times?: number): Promise<void> {
      await scene.sql.query("CREATE SEQUENCE IF NOT EXISTS public.refusals");
      const still = times === undefined ? "" : `AND nextval('refusals') <= ${times}`;
      await scene.sql.query(
        `CREATE FUNCTION public.refuse_${table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           IF (${condition}) ${still} THEN RAISE EXCEPTION 'refused for the test'; END IF;
           RETURN NEW; END $$`,
      );
      await scene.sql.query(
        `CREATE TRIGGER a_refuse BEFORE ${when} ON ${table === "deliveries" ? "internal" : "public"}.${table} FOR EACH ROW EXECUTE FUNCTION refuse_${table}()`,
      );
    },
    async mend(): Promise<void> {
      await scene.sql.query(
        `DO $$ DECLARE refused text; BEGIN
           FOR refused IN SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'a_refuse' LOOP
             EXECUTE format('DROP TRIGGER a_refuse ON %s', refused);
           END LOOP; END $$`,
      );
    },
    async post(node: TestApp, key = poisonKey): Promise<void> {
      await Promise.all([postLead(node, key), postLeads(node, neighbours)]);
    },
    runId,
    async sends(sink: Sink): Promise<number> {
      const runIds = await scene.rows<{ run_id: string }>(
        `SELECT run_id FROM runs WHERE idempotency_key LIKE '${poisonKey}%'`,
      );
      return runIds.reduce((sum, { run_id: runId }) => sum + sink.countOf(`${runId}:crm`), 0);
    },
    async run(): Promise<Record<string, unknown>> {
      const [run] = await scene.rows<Record<string, unknown>>("SELECT * FROM runs WHERE run_id = $1", [
        await runId(),
      ]);
      return run ?? {};
    },
  };
}

/** What the node answers to whoever asks how it is. */
export async function health(node: TestApp): Promise<{ status: string; troubles?: string[] }> {
  const { body } = await request(`${node.url}/health`);
  return (await body.json()) as { status: string; troubles?: string[] };
}

/** How often the node logged it. */
export function logged(node: TestApp, name: string): number {
  return node.log.filter(({ event }) => event === name).length;
}
