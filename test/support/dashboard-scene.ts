// An installation that has seen something of everything, for the dashboard's views: leads that arrived, that are retried,
// that wait for a decision, that nobody got, that were refused; sources and destinations, well and unwell.
import { beforeAll } from "vitest";
import type { ApiScene } from "./api-scene.ts";
import { useApiScene } from "./api-scene.ts";
import { testDestination, testSource } from "./app.ts";
import type { Sink } from "./sink.ts";
import { startSink } from "./sink.ts";
import { until } from "./until.ts";
import type { Answer } from "./webhook-client.ts";
import { postLead } from "./webhook-client.ts";

export interface DashboardScene extends ApiScene {
  /** What the destination `crm` answers from now on. */
  answerWith(status: number): void;
  /** Of each kind of lead, by what became of it. */
  readonly runIds: Readonly<Record<Fate, string>>;
  /** The entry that waits for a decision. */
  readonly entryId: number;
  /** A bulk action that is done; what it was about could not be delivered. */
  readonly operationId: string;
}

export type Fate = "delivered" | "retrying" | "undecided" | "nobody" | "refused";

const people = [
  { name: "Jürgen Müller-Lüdenscheidt", email: "jm@example.de", phone: "+49 221 5550143" },
  { name: "Ayşe Yılmaz", email: "ayse.yilmaz@example.com", phone: "030 5550199" },
  { name: "Björn Østergård", email: "bjoern@example.net", phone: "+45 55 50 01 77" },
  { name: "Zoë Weiß", email: "zoe.weiss@example.org", phone: "0711 5550166" },
] as const;

/** Some settled figures, so that charts of thirty days have something to show. */
const settledDays = 30;

export function useDashboardScene(): DashboardScene {
  let sink: Sink | undefined;
  let status = 200;
  const fates = new Map<Fate, string>();
  let entryId = 0;
  let operationId = "";
  const scene = useApiScene(
    async () => {
      sink = await startSink(({ body }) => ({
        kind: "answer",
        // This lead alone is refused: a destination that refuses the credentials would be left alone as a whole.
        status: body.includes('"gclid"') ? 422 : status,
        body: '{"note":"as the test wants it"}',
      }));
      return {
        sources: [
          testSource("website", { to: ["crm"] }),
          testSource("landingpage", { to: ["crm", "newsletter"] }),
          testSource("messe-koeln", { to: [] }),
        ],
        destinations: [
          testDestination("crm", `${sink.url}/leads`),
          testDestination("newsletter", `${sink.url}/subscribers`),
        ],
      };
    },
    { withoutFile: false },
  );

  beforeAll(async () => {
    await scene.query(historySql, [settledDays]);
    await scene.api.get("/kpi/daily?limit=1");
    for (const [index, person] of people.entries()) {
      await send(`anfrage-${index}`, { ...person, message: "Bitte um Rückruf wegen einer Wärmepumpe." });
    }
    remember(
      "delivered",
      await send("anfrage-zugestellt", { ...people[0], message: "Angebot für ein Bad?" }),
    );
    await settled("delivered", "processed");
    remember("nobody", await send("messe-1", { ...people[1] }, "messe-koeln"));
    remember("refused", await post("kaputt-1", '{"name": "Zoë", "email": ', "website"));
    status = 503;
    remember("retrying", await send("anfrage-spaeter", { ...people[2], budget: 12_500 }));
    remember("undecided", await send("anfrage-abgewiesen", { ...people[3], gclid: "x-1" }));
    await settled("retrying", "failed");
    await settled("undecided", "failed");
    await send("anfrage-zugestellt", { ...people[1], message: "derselbe Schlüssel" });
    const [entry] = await scene.query<{ dlq_id: string }>("SELECT dlq_id FROM dlq WHERE run_id = $1", [
      fates.get("undecided"),
    ]);
    entryId = Number(entry?.dlq_id);
    operationId = await fruitlessOperation();
  }, 60_000);

  async function fruitlessOperation(): Promise<string> {
    const filter = { kind: ["refused", "conflict"] };
    const order = { action: "dlq.retry", filter, reason: "Das CRM nimmt wieder an." };
    const { json } = await scene.api.post("/operations", order);
    const id = String(json["operation_id"]);
    await until("the operation to be done", async () => {
      return (await scene.api.get(`/operations/${id}`)).json["status"] === "done";
    });
    return id;
  }

  async function post(key: string, body: string, source: string): Promise<Answer> {
    return postLead(scene.app.url, { path: `/webhook/lead/${source}`, key, body });
  }

  function send(key: string, body: Readonly<Record<string, unknown>>, source = "website"): Promise<Answer> {
    return post(key, JSON.stringify(body), source);
  }

  function remember(fate: Fate, { json }: Answer): void {
    fates.set(fate, String(json["run_id"]));
  }

  function settled(fate: Fate, state: string): Promise<unknown> {
    return until(`the lead to be ${state}`, async () => {
      const [row] = await scene.query<{ status: string }>("SELECT status FROM runs WHERE run_id = $1", [
        fates.get(fate),
      ]);
      return row?.status === state;
    });
  }

  return Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(scene),
      answerWith: { value: (wanted: number) => void (status = wanted) },
      runIds: { get: () => Object.fromEntries(fates) },
      entryId: { get: () => entryId },
      operationId: { get: () => operationId },
    },
  ) as DashboardScene;
}

/** Leads of earlier days as a worker of the user's own would have left them: inserted and processed by SQL. */
const historySql = `
  INSERT INTO runs (idempotency_key, source, received_at, status, processed_at)
  SELECT 'history-' || d || '-' || n, CASE WHEN n % 3 = 0 THEN 'landingpage' ELSE 'website' END, at, 'processed',
    at + interval '1 second' * (1 + n % 5)
  FROM generate_series(1, $1::int) AS d, LATERAL generate_series(1, 4 + (d * 7) % 9) AS n,
    LATERAL (SELECT now() - interval '1 day' * d - interval '10 minutes' * n AS at) AS times`;
