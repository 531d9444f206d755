// What every kind of destination that we send to must pass, so that delivery can treat all kinds alike.
import { performance } from "node:perf_hooks";
import { afterEach, describe, expect, it } from "vitest";
import type { Fields } from "../../src/config/fields/field.ts";
import { settingsOf } from "../../src/config/fields/settings.ts";
import type { Settings } from "../../src/config/fields/settings.ts";
import type { Destination } from "../../src/domain/destinations/destination.ts";
import type { DestinationKind } from "../../src/kinds/destinations/destination-kind.ts";
import type { AttemptResult, Sender } from "../../src/kinds/destinations/sender.ts";
import { noSurroundings } from "../../src/kinds/destinations/surroundings.ts";
import { message, neverAborted } from "../support/http-destination.ts";

/** How the receiving side behaves. */
const receivers = [
  "accepts",
  "refuses_for_good",
  "fails_for_now",
  "wants_credentials",
  "hangs",
  "absent",
] as const;
export type Receiver = (typeof receivers)[number];

export interface Rig {
  /** What the sender was opened for, with something in every secret and one header, if it may have these. */
  readonly destination: Destination;
  readonly sender: Sender;
  /** Delivery ids that reached the receiver, repeats included. */
  received(): readonly string[];
  /** Stops the receiving side. */
  stop(): Promise<void>;
}

/** Timeouts are what the rig sets; with `forbidden` the sender may not reach private addresses. */
export interface RigOptions {
  readonly receiver: Receiver;
  readonly timeoutMs: number;
  readonly forbidden?: boolean;
}

export function describeDestinationKind(
  kind: DestinationKind,
  start: (options: RigOptions) => Promise<Rig>,
  /** Of a kind that can be set up in several ways: which. */
  way = "",
): void {
  describe(`a destination of kind ${kind.kind}${way === "" ? "" : ` with ${way}`}`, () => {
    const rigs: Rig[] = [];
    const rigWith = async (options: RigOptions): Promise<Rig> => {
      const rig = await start(options);
      rigs.push(rig);
      return rig;
    };
    afterEach(async () => {
      for (const rig of rigs.splice(0)) {
        await rig.stop();
        await rig.sender.close();
      }
    });

    it("has the lead exactly once after one successful attempt, under the id `run:destination`", async () => {
      const rig = await rigWith({ receiver: "accepts", timeoutMs: 5_000 });
      const sent = message();
      const result = await rig.sender.attempt(sent, neverAborted);
      expect(result.outcome).toMatchObject({ kind: "delivered" });
      expect(rig.received()).toEqual([`${sent.runId}:crm`]);
    });

    it("gets the same id again when the lead is sent again, so that it can recognise the repeat", async () => {
      const rig = await rigWith({ receiver: "fails_for_now", timeoutMs: 5_000 });
      const sent = message();
      await rig.sender.attempt(sent, neverAborted);
      await rig.sender.attempt(sent, neverAborted);
      expect(rig.received()).toEqual([`${sent.runId}:crm`, `${sent.runId}:crm`]);
    });

    it.each([
      ["fails_for_now", "transient"],
      ["refuses_for_good", "permanent"],
      ["wants_credentials", "needs_credentials"],
      ["absent", "transient"],
      ["hangs", "transient"],
    ] as const)(
      "that %s gives a %s failure with a sentence that names it",
      async (receiver, failureClass) => {
        const rig = await rigWith({ receiver, timeoutMs: 300 });
        const { outcome } = await rig.sender.attempt(message(), neverAborted);
        expect(outcome).toMatchObject({ kind: "failed", class: failureClass });
        expect(outcome.kind === "failed" && outcome.message).toContain("crm");
      },
    );

    it("that hangs takes no longer than its timeout", async () => {
      const rig = await rigWith({ receiver: "hangs", timeoutMs: 300 });
      const startedMs = performance.now();
      const { outcome } = await rig.sender.attempt(message(), neverAborted);
      expect(performance.now() - startedMs).toBeLessThan(10_000);
      expect(outcome).toMatchObject({ code: "destination_timeout" });
    });

    it("that hangs can be interrupted at once", async () => {
      const rig = await rigWith({ receiver: "hangs", timeoutMs: 30_000 });
      const startedMs = performance.now();
      const { outcome } = await rig.sender.attempt(message(), AbortSignal.timeout(100));
      expect(performance.now() - startedMs).toBeLessThan(15_000);
      expect(outcome).toMatchObject({ code: "delivery_interrupted", class: "transient" });
    });

    it("at a private address is not contacted when that is not allowed", async () => {
      const rig = await rigWith({ receiver: "accepts", timeoutMs: 5_000, forbidden: true });
      const { outcome } = await rig.sender.attempt(message(), neverAborted);
      expect(outcome).toMatchObject({ code: "destination_address_forbidden", class: "needs_configuration" });
      expect(await rig.sender.probe()).toMatchObject({ reachable: false });
      expect(rig.received()).toEqual([]);
    });

    it("answers that are kept can be stored as jsonb, whatever was answered", async () => {
      for (const receiver of ["accepts", "refuses_for_good"] as const) {
        const rig = await rigWith({ receiver, timeoutMs: 5_000 });
        expectStorable(await rig.sender.attempt(message(), neverAborted));
      }
    });

    it("can be probed without a lead being sent", async () => {
      const there = await rigWith({ receiver: "accepts", timeoutMs: 1_000 });
      expect(await there.sender.probe()).toEqual(expect.objectContaining({ reachable: true }));
      expect(there.received()).toEqual([]);
      const gone = await rigWith({ receiver: "absent", timeoutMs: 1_000 });
      expect(await gone.sender.probe()).toMatchObject({ reachable: false });
    });

    it("never shows what is secret: not in a preview, not in what is said about an attempt or a probe", async () => {
      const transport = await kind.transport?.();
      for (const receiver of receivers) {
        const rig = await rigWith({ receiver, timeoutMs: 300 });
        const said = JSON.stringify([
          await transport?.preview(rig.destination, message(), Date.now(), noSurroundings),
          (await rig.sender.attempt(message(), neverAborted)).outcome,
          await rig.sender.probe(),
        ]);
        for (const secret of secretsOf(kind.fields, settingsOf(rig.destination)))
          expect(said).not.toContain(secret);
      }
    });

    it("can be closed twice, and takes nothing afterwards", async () => {
      const rig = await rigWith({ receiver: "accepts", timeoutMs: 5_000 });
      await rig.sender.close();
      await rig.sender.close();
      const { outcome } = await rig.sender.attempt(message(), neverAborted);
      expect(outcome).toMatchObject({ code: "delivery_interrupted" });
      expect(rig.received()).toEqual([]);
    });
  });
}

/** Fails where the rig leaves a secret empty: then nothing would be looked for. */
function secretsOf(fields: Fields, settings: Settings): readonly string[] {
  return Object.entries(fields).flatMap(([key, field]) => {
    const { type, isSealed, ways, fields: inner } = field;
    const value = settings[key];
    if (ways === undefined && inner !== undefined) return secretsOf(inner, value as Settings);
    if (ways !== undefined) {
      const chosen = value as Settings;
      return secretsOf(ways[String(chosen["kind"])] ?? {}, chosen);
    }
    if (!isSealed || !["secret", "headers", "parameters"].includes(type)) return [];
    const secrets = type === "secret" ? [value] : Object.values((value ?? {}) as Record<string, string>);
    expect(secrets, `the rig gives ${key} a value`).toEqual([expect.stringMatching(/^.{8,}$/)]);
    return secrets as string[];
  });
}

/** jsonb refuses NUL and lone surrogates; a duration must be a number that a report can add up. */
export function expectStorable(result: AttemptResult): void {
  const text = JSON.stringify(result);
  expect(text).not.toContain("\\u0000");
  expect(text).not.toMatch(/\\ud[89a-f]/i);
  expect(Number.isInteger(result.durationMs) && result.durationMs >= 0).toBe(true);
}
