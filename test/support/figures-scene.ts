// Leads of today and of some days before, of all fates, whose figures can be counted again with SQL; and what the overview
// has to warn of: leads that nobody got, that were rejected, and requests with a wrong password.
import { beforeAll } from "vitest";
import type { ApiScene } from "./api-scene.ts";
import { useApiScene } from "./api-scene.ts";
import { testDestination, testSource } from "./app.ts";
import { always, startSink } from "./sink.ts";
import { until } from "./until.ts";
import { postLead } from "./webhook-client.ts";

export const historyDays = 12;

export interface DayOfRuns {
  /** ISO date in Berlin. */
  readonly day: string;
  readonly received: number;
  readonly delivered: number;
  readonly by_hand: number;
  readonly nobody: number;
  readonly failed: number;
  readonly on_the_way: number;
}

export interface FiguresScene extends ApiScene {
  /** Of each of the last `days`, the oldest first: counted from the leads themselves. */
  countRuns(days: number): Promise<DayOfRuns[]>;
  send(source: string, key: string): Promise<number>;
}

export function useFiguresScene(): FiguresScene {
  const scene = useApiScene(async () => {
    const [crm, choosy] = await Promise.all([
      startSink(),
      startSink(always({ kind: "answer", status: 400, body: "no" })),
    ]);
    return {
      sources: [
        testSource("website", { to: ["crm"] }),
        testSource("shop", { to: ["erp"] }),
        testSource("messe", { to: [] }),
        testSource("partner", { auth: { kind: "token", secrets: [{ value: "right", notAfter: null }] } }),
      ],
      destinations: [testDestination("crm", crm.url), testDestination("erp", choosy.url)],
    };
  });

  const send = async (source: string, key: string): Promise<number> =>
    (await postLead(scene.app.url, { path: `/webhook/lead/${source}`, key, body: { name: "Erna" } })).status;

  beforeAll(async () => {
    await scene.query(historySql, [historyDays]);
    const today = { website: 5, shop: 2, messe: 1, partner: 3 };
    for (const [source, count] of Object.entries(today))
      for (let lead = 0; lead < count; lead += 1) await send(source, `${source}-${lead}`);
    await until("all leads of today to be through, and the figures to be counted", async () => {
      const [row] = await scene.query<{ is_settled: boolean }>(
        `SELECT NOT EXISTS (SELECT FROM runs WHERE status = 'accepted' AND idempotency_key NOT LIKE 'history-%')
           AND (SELECT sum(requests) FROM internal.denied_requests) = $1 AND NOT EXISTS (SELECT FROM internal.kpi_deltas)
           AND NOT EXISTS (SELECT FROM internal.hour_deltas) AS is_settled`,
        [today.partner],
      );
      return row?.is_settled === true;
    });
  }, 60_000);

  return Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(scene),
      send: { value: send },
      countRuns: { value: (days: number) => scene.query<DayOfRuns>(countSql, [days]) },
    },
  ) as FiguresScene;
}

/** As a worker of the user's own would have left them: some processed, some failed, some not begun. */
const historySql = `
  INSERT INTO runs (idempotency_key, source, received_at, status, processed_at, error_code)
  SELECT 'history-' || d || '-' || n, 'quelle-' || n, at, state,
    CASE WHEN state = 'processed' THEN at + interval '1 second' * n END,
    CASE WHEN state = 'failed' THEN 'crm_says_no' END
  FROM generate_series(1, $1::int) AS d, LATERAL generate_series(1, 3 + d % 6) AS n,
    LATERAL (SELECT now() - interval '1 day' * d AS at,
      CASE WHEN n % 5 = 0 THEN 'failed' WHEN n % 7 = 0 THEN 'accepted' ELSE 'processed' END AS state) AS run`;

const countSql = `
  SELECT days.day::date::text AS day, count(r.run_id)::int AS received,
    (count(*) FILTER (WHERE r.outcome = 'delivered'))::int AS delivered,
    (count(*) FILTER (WHERE r.outcome = 'resolved_by_hand'))::int AS by_hand,
    (count(*) FILTER (WHERE r.outcome = 'no_destination'))::int AS nobody,
    (count(*) FILTER (WHERE r.status = 'failed'))::int AS failed,
    (count(*) FILTER (WHERE r.status = 'accepted'))::int AS on_the_way
  FROM generate_series((now() AT TIME ZONE 'Europe/Berlin')::date - ($1::int - 1),
    (now() AT TIME ZONE 'Europe/Berlin')::date, interval '1 day') AS days (day)
  LEFT JOIN runs r ON (r.received_at AT TIME ZONE 'Europe/Berlin')::date = days.day AND NOT r.test
  GROUP BY days.day ORDER BY days.day`;
