// Receivers that answer awkwardly, for every kind that speaks HTTP: each kind states what it makes of each of them, and
// what must never be taken for a delivery is asked of all alike.
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import type { Outcome } from "../../src/domain/destinations/outcome.ts";
import type { DestinationKind } from "../../src/kinds/destinations/destination-kind.ts";
import type { AttemptResult, Sender } from "../../src/kinds/destinations/sender.ts";
import { message, neverAborted } from "../support/http-destination.ts";
import type { SinkAnswer } from "../support/sink.ts";
import { expectStorable } from "./destination.ts";

export interface PlainAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What each answers unless the kind says it in its vendor's words. */
const usual = {
  /** 207, of several parts one failed. */
  multi_status: { status: 207, body: '{"status":"COMPLETE","results":[],"errors":[{"message":"refused"}]}' },
  /** 200, and the error stands inside. */
  error_inside: { status: 200, body: '{"success":false,"error":"refused"}' },
  /** 500, because the lead is there already. */
  duplicate_as_500: { status: 500, body: '{"code":"DUPLICATE","id":"7"}' },
  /** 409, and the header says which record it is. */
  conflict: { status: 409, headers: { location: "https://crm.example/records/7" } },
  empty_202: { status: 202 },
  /** A page for people: a proxy, a sign-in. */
  page: { status: 200, headers: { "content-type": "text/html" }, body: "<!doctype html><p>Sign in</p>" },
  throttled: { status: 429 },
  /** As a text, where the vendor is known for JSON. */
  plain_ok: { status: 200, headers: { "content-type": "text/plain" }, body: "ok" },
} as const satisfies Record<string, PlainAnswer>;

export type AwkwardAnswer = keyof typeof usual;

/** What is made of an answer: how a rule would say it, or that nobody knows. */
export type AnswerVerdict =
  | "delivered"
  | "unproven"
  | "known_person"
  | "same_delivery"
  | "added_to_person"
  | "transient"
  | "throttled"
  | "credentials"
  | "configuration"
  | "rejected"
  | "indeterminate";

export interface AnswersOfKind {
  /**
   * Opens a sender for a destination `crm` whose receiver gives this answer to the request that is to store the lead;
   * what is asked before and after that is answered as the vendor does when all is well.
   */
  readonly start: (answer: SinkAnswer, timeoutMs: number) => Promise<AnswerRig>;
  /** How the vendor says that it has the lead. */
  readonly success: PlainAnswer & { readonly verdict: "delivered" | "unproven" };
  /** false: status and headers say it all, so that a body which does not come holds nothing up. */
  readonly bodyDecides: boolean;
  /** The verdict; or in the vendor's words, `[answer, verdict]`. */
  readonly verdicts: Readonly<
    Record<AwkwardAnswer, AnswerVerdict | readonly [answer: PlainAnswer, verdict: AnswerVerdict]>
  >;
}

export interface AnswerRig {
  readonly sender: Sender;
  stop(): Promise<void>;
}

export function describeAnswers(kind: DestinationKind, of: AnswersOfKind, way = ""): void {
  describe(`answers to a destination of kind ${kind.kind}${way === "" ? "" : ` with ${way}`}`, () => {
    const rigs: AnswerRig[] = [];
    afterEach(async () => {
      for (const rig of rigs.splice(0)) {
        await rig.stop();
        await rig.sender.close();
      }
    });
    const attempt = async (answer: SinkAnswer, timeoutMs = 5_000): Promise<AttemptResult> => {
      const rig = await of.start(answer, timeoutMs);
      rigs.push(rig);
      const result = await rig.sender.attempt(message(), neverAborted);
      expectStorable(result);
      return result;
    };
    const verdictOn = async (answer: SinkAnswer, timeoutMs?: number): Promise<AnswerVerdict> =>
      verdictOf((await attempt(answer, timeoutMs)).outcome);

    it(`its success is ${of.success.verdict}`, async () => {
      expect(await verdictOn(plain(of.success))).toBe(of.success.verdict);
    });

    it.each(awkward(of))("%s is %s", async (_, verdict, answer) => {
      const { outcome } = await attempt(plain(answer));
      expect(verdictOf(outcome)).toBe(verdict);
      if (outcome.kind === "failed") expect(outcome.message).toContain("crm");
    });

    it("a success that was packed is the same as one that was not", async () => {
      const { outcome } = await attempt(plain(of.success));
      expect(anywhere((await attempt(packed(of.success))).outcome)).toEqual(anywhere(outcome));
    });

    it("429 is tried again, at the time that it names as a date, or when the schedule says so", async () => {
      const answer = inWords(of, "throttled");
      const unsaid = (await attempt(plain(answer))).outcome;
      expect(unsaid).toMatchObject({ kind: "failed", class: "transient", retryAfterMs: null });
      const date = new Date(Date.now() + 120_000).toUTCString();
      const said = await attempt(plain({ ...answer, headers: { ...answer.headers, "retry-after": date } }));
      expect(said.outcome).toMatchObject({ kind: "failed", class: "transient" });
      const waitMs = said.outcome.kind === "failed" ? (said.outcome.retryAfterMs ?? 0) : 0;
      expect(waitMs).toBeGreaterThan(60_000);
      expect(waitMs).toBeLessThanOrEqual(120_000);
    });

    it.each(unsaid(of.success.status))("%s tells nobody that the lead is in", async (_, answer) => {
      const verdict = await verdictOn(answer, 400);
      if (of.bodyDecides) expect(["configuration", "indeterminate"]).toContain(verdict);
      else expect(verdict).not.toBe("rejected");
    });
  });
}

function awkward(of: AnswersOfKind): readonly (readonly [AwkwardAnswer, AnswerVerdict, PlainAnswer])[] {
  const names = Object.keys(usual) as readonly AwkwardAnswer[];
  return names.map((name) => {
    const stated = of.verdicts[name];
    return [name, typeof stated === "string" ? stated : stated[1], inWords(of, name)];
  });
}

function inWords({ verdicts }: AnswersOfKind, name: AwkwardAnswer): PlainAnswer {
  const stated = verdicts[name];
  return typeof stated === "string" ? usual[name] : stated[0];
}

/** Success as far as the head goes, and then none of what the vendor says. */
function unsaid(status: number): readonly (readonly [string, SinkAnswer])[] {
  return [
    ["a page", plain(usual.page)],
    ["a page that does not say that it is one", plain({ status: 200, body: usual.page.body })],
    ["the head and then silence", { kind: "stall_body", status }],
    ["an answer that breaks off", { kind: "cut_body", status }],
    ["an answer without an end", { kind: "flood", status, bytes: Infinity, framing: "chunked" }],
  ];
}

function plain(answer: PlainAnswer): SinkAnswer {
  return { kind: "answer", ...answer };
}

function packed({ status, headers, body = "" }: PlainAnswer): SinkAnswer {
  return {
    kind: "answer",
    status,
    headers: { ...headers, "content-encoding": "gzip" },
    body: gzipSync(body),
  };
}

/** Each receiver has a port of its own, which stands in addresses of records. */
function anywhere(outcome: Outcome): string {
  return JSON.stringify(outcome).replaceAll(/127\.0\.0\.1:\d+/g, "receiver");
}

function verdictOf(outcome: Outcome): AnswerVerdict {
  if (outcome.kind === "delivered") {
    if (outcome.receipt?.proven === false) return "unproven";
    return outcome.receipt?.duplicate ?? "delivered";
  }
  switch (outcome.code) {
    case "destination_indeterminate":
      return "indeterminate";
    case "destination_throttled":
      return "throttled";
    default:
      return verdictOfClass[outcome.class];
  }
}

const verdictOfClass = {
  transient: "transient",
  needs_credentials: "credentials",
  needs_configuration: "configuration",
  permanent: "rejected",
} as const;
