// What every kind of source must pass, so that intake can treat all kinds alike.
import { beforeAll, describe, expect, it } from "vitest";
import type { Kinds } from "../../src/kinds/kinds.ts";
import { useApiScene } from "../support/api-scene.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";
import type { Answer } from "../support/webhook-client.ts";

export interface SourceRig {
  readonly kinds: Kinds;
  /** The members of an entry that say the kind, with this secret if it has any. */
  entry(secret: string): Readonly<Record<string, unknown>>;
  /** What proves a request to `url`; null: nothing is asked. */
  readonly headers:
    ((secret: string, body: Buffer, atMs: number, url: string) => Readonly<Record<string, string>>) | null;
  /** A secret as this kind's senders write it; absent: as it is. */
  readonly written?: (secret: string) => string;
  /** Whether what proves a request counts for a while only. */
  readonly isTimed: boolean;
  /** The body of a request with these leads, each the JSON text of an object. */
  body(leads: readonly string[]): string;
  readonly leadsMax: 1 | "several";
  /** Absent: what everyone gets. */
  readonly success?: { readonly status: number; readonly text: string };
  /** Requests that are no leads, and are answered as success; `kept`: under which code they are put aside. */
  readonly noLeads?: readonly { readonly body: string; readonly kept?: string }[];
  /** Whether its senders read Retry-After in milliseconds. */
  readonly retryAfterMs?: true;
  /** Questions whether the address is ours: what is asked behind it, and the answer. */
  readonly handshakes?: (secret: string) => readonly {
    readonly query: string;
    readonly status: number;
    readonly text: string | RegExp;
  }[];
  /** Where the proof stands in the body: the body with it. */
  readonly prove?: (secret: string, body: string) => string;
  /** Where the proof stands in the address: what follows the source's name. */
  readonly address?: (secret: string) => string;
  /** false: what cannot be read cannot be proven either. */
  readonly provesUnreadable?: false;
  /** Besides what proves it. */
  readonly contentType?: string;
  /** Of a kind whose sender has one address for several sources, who are told apart by whose page or form it is. */
  readonly routing?: {
    /** What a source lists that is this owner's, a number. */
    readonly listed: (owner: string) => Readonly<Record<string, unknown>>;
    /** A request with this lead of the owner's. */
    readonly body: (owner: string, lead: string) => string;
  };
  /** What everything that is kept is answered with; absent: as everyone is. */
  readonly keptStatus?: number;
}

const firstWord = "planted-secret-0123456789abcdef";
const newWord = "planted-successor-0123456789abcdef";
const otherWord = "another-secret-0123456789abcdef";
const staleMs = 3_600_000;

/** What a kind does not promise is not tested, and not reported as left out. */
function guaranteedIf(isPromised: boolean): (name: string, test: () => Promise<void>) => void {
  return (name, test) => {
    if (isPromised) it(name, test);
  };
}

function isSuccess(status: number): boolean {
  return status < 300;
}

export function describeSourceKind(kind: string, rig: SourceRig): void {
  describe(`a source of kind ${kind}`, () => {
    const scene = useApiScene(() => ({}), { kinds: rig.kinds, withoutFile: true });
    const { headers: proof, success } = rig;
    const written = rig.written ?? ((word: string) => word);
    const [secret, newSecret] = [written(firstWord), written(newWord)];
    beforeAll(async () => {
      const made = await scene.api.post("/sources", { name: "probed", ...rig.entry(secret), to: [] });
      expect(made.status).toBe(201);
      await until(
        "the node to know the source",
        async () => (await send("?", {})).json["code"] !== "source_unknown",
      );
    });

    const typed = rig.contentType === undefined ? {} : { "content-type": rig.contentType };
    const send = (body: string, headers: Readonly<Record<string, string>>, address = ""): Promise<Answer> =>
      postLead(scene.app.url, {
        path: `/webhook/lead/probed${address}`,
        body,
        headers: { ...typed, ...headers },
      });
    const sendProven = (unproven: string, by = secret, atMs = Date.now()): Promise<Answer> => {
      const body = rig.prove?.(by, unproven) ?? unproven;
      const url = `${scene.app.url}/webhook/lead/probed`;
      return send(body, proof?.(by, Buffer.from(body), atMs, url) ?? {}, rig.address?.(by));
    };
    const runs = async (): Promise<number> =>
      (await scene.query<{ count: number }>("SELECT count(*)::int AS count FROM runs"))[0]?.count ?? 0;
    const lead = (id: string, email: string): string => `{"id":${id},"email":"${email}"}`;

    it("brings a lead that is stored and kept to the last digit, and a resend is no second one", async () => {
      const body = rig.body([lead("12345678901234567891", "anna@example.com")]);
      const before = await runs();
      const answers = [await sendProven(body), await sendProven(body)];
      expect(answers.map(({ status }) => status)).toEqual([expect.toSatisfy(isSuccess), 200]);
      if (rig.keptStatus !== undefined) expect(answers[0]?.status).toBe(rig.keptStatus);
      if (success !== undefined) expect(answers).toMatchObject([success, success]);
      expect(await runs()).toBe(before + 1);
      const events = await scene.query<{ event_type: string; payload: string }>(
        `SELECT event_type, payload::text FROM audit_events
         WHERE event_type IN ('lead_received', 'duplicate_received') ORDER BY event_time DESC LIMIT 2`,
      );
      expect(events.map(({ event_type: type }) => type)).toEqual(["duplicate_received", "lead_received"]);
      expect(events[1]?.payload).toContain("12345678901234567891");
    });

    guaranteedIf(rig.provesUnreadable !== false)(
      "keeps what cannot be read as bytes, as a failed run",
      async () => {
        const before = await runs();
        const broken = '{"id":1,"email":"bert';
        const answer = await sendProven(broken);
        if (rig.keptStatus !== undefined) expect(answer.status).toBe(rig.keptStatus);
        if (success !== undefined) expect(answer).toMatchObject(success);
        expect(await runs()).toBe(before + 1);
        const kept = await scene.query<{ status: string; bytes: string }>(
          `SELECT r.status, q.payload ->> 'body_base64' AS bytes FROM dlq q JOIN runs r USING (run_id)
         ORDER BY q.dlq_id DESC LIMIT 1`,
        );
        expect(kept).toEqual([{ status: "failed", bytes: Buffer.from(broken).toString("base64") }]);
      },
    );

    guaranteedIf(proof !== null)(
      "turns away who does not prove it: 401 with a code, and no run",
      async () => {
        const body = rig.body([lead("2", "carla@example.com")]);
        const before = await runs();
        const missing = await send(body, {});
        const wrong = await sendProven(body, written(otherWord));
        expect(missing).toMatchObject({ status: 401, json: { code: "credentials_missing" } });
        expect(wrong).toMatchObject({ status: 401, json: { code: "credentials_wrong" } });
        if (rig.isTimed) {
          const stale = await sendProven(body, secret, Date.now() - staleMs);
          expect(stale).toMatchObject({ status: 401, json: { code: "timestamp_stale" } });
        }
        expect(await runs()).toBe(before);
      },
    );

    guaranteedIf(rig.leadsMax === "several")("brings several leads as one transaction, or none", async () => {
      const before = await runs();
      const leads = [lead("31", "dora@example.com"), lead("32", "emil@example.com")];
      expect((await sendProven(rig.body(leads))).status).toBeLessThan(300);
      const [written] = await scene.query<{ transactions: number }>(
        `SELECT count(DISTINCT xmin::text)::int AS transactions FROM audit_events
         WHERE payload -> 'body' ->> 'email' IN ('dora@example.com', 'emil@example.com')`,
      );
      expect([await runs(), written?.transactions]).toEqual([before + 2, 1]);
      expect((await sendProven(rig.body([]))).status).toBe(200);
      expect(await runs()).toBe(before + 2);
    });

    guaranteedIf(rig.noLeads !== undefined)("takes for a lead only what is one", async () => {
      const before = await runs();
      for (const { body, kept } of rig.noLeads ?? []) {
        expect(await sendProven(body)).toMatchObject(success ?? { status: 200 });
        if (kept === undefined) continue;
        // Already: its sender was told that it was taken.
        const items = (await scene.api.get("/quarantine")).json["items"] as { error_code: string }[];
        expect(items.map(({ error_code: code }) => code)).toContain(kept);
      }
      expect(await runs()).toBe(before);
    });

    guaranteedIf(rig.handshakes !== undefined)("answers who asks whether the address is ours", async () => {
      for (const { query, status, text } of rig.handshakes?.(secret) ?? []) {
        const answer = await fetch(`${scene.app.url}/webhook/lead/probed${query}`);
        expect([answer.status, await answer.text()]).toEqual([
          status,
          typeof text === "string" ? text : expect.stringMatching(text),
        ]);
      }
    });

    it("takes leads while it is paused, and never says that the address is gone", async () => {
      await scene.api.patch("/sources/probed", { paused: true });
      const leadOf = (id: string): string => rig.body([lead(id, `${id}@example.com`)]);
      expect((await sendProven(leadOf("51"))).status).toBeLessThan(300);
      await scene.api.patch("/sources/probed", { paused: "refuse" });
      const refused = await until("the node to know the pause", async () => {
        const answer = await sendProven(leadOf("52"));
        return answer.status === 503 ? answer : false;
      });
      const seconds = Number(refused.headers.get("retry-after"));
      expect(seconds).toBe(rig.retryAfterMs === true ? 60_000 : 60);
      await scene.api.patch("/sources/probed", { paused: false });
      await until("it to go on", async () => (await sendProven(leadOf("53"))).status < 300);
    });

    guaranteedIf(proof !== null)("has its secret replaced without a gap", async () => {
      const rotated = await scene.api.post("/sources/probed/rotate-secret", {
        overlap: "1h",
        secret: newSecret,
      });
      expect(rotated.status).toBe(200);
      const by = (one: string, id: string): Promise<Answer> =>
        sendProven(rig.body([lead(id, `${id}@example.com`)]), one);
      await until("the new secret to be known", async () => (await by(newSecret, "41")).status < 300);
      expect((await by(secret, "42")).status).toBeLessThan(300);
    });

    it("says how its leads are told apart, if several sources may share its address", () => {
      const declared = rig.kinds.sources.find((each) => each.kind === (rig.entry(secret)["kind"] ?? kind));
      expect(rig.routing !== undefined).toBe(declared?.sharedBy !== undefined);
    });

    it("never shows a secret: not in answers, not in the log, not in the database", async () => {
      const shown = [
        (await scene.api.get("/sources/probed")).json,
        (await scene.api.get("/sources")).json,
        scene.app.log,
        await scene.query("SELECT s::text FROM internal.sources s"),
      ];
      for (const one of ["planted-", secret, newSecret]) expect(JSON.stringify(shown)).not.toContain(one);
    });

    // The last one: from here on the source takes nothing of its own.
    guaranteedIf(rig.routing !== undefined)(
      "gives each lead to the source behind its address that lists it, and keeps what nobody lists",
      async () => {
        const { listed, body } = rig.routing ?? { listed: () => ({}), body: () => "" };
        const { kind: entryKind = kind } = rig.entry(secret);
        for (const owner of ["1001", "1002"]) {
          const entry = { name: `behind-${owner}`, kind: entryKind, via: "probed", ...listed(owner), to: [] };
          expect(await scene.api.post("/sources", entry)).toMatchObject({ status: 201 });
        }
        const sourceOf = async (owner: string, id: string) => {
          expect(await sendProven(body(owner, lead(id, `${id}@example.com`)))).toMatchObject(success ?? {});
          return scene.query("SELECT source, error_code FROM runs ORDER BY received_at DESC LIMIT 1");
        };
        await until("the node to know them", async () => {
          const [run] = await sourceOf("1002", `6${Date.now()}`);
          return run?.["source"] === "behind-1002";
        });
        expect([
          ...(await sourceOf("1001", "61")),
          ...(await sourceOf("1002", "62")),
          ...(await sourceOf("1003", "63")),
        ]).toEqual([
          { source: "behind-1001", error_code: null },
          { source: "behind-1002", error_code: null },
          { source: "probed", error_code: "page_unknown" },
        ]);
      },
    );
  });
}
