// Sources and destinations made, changed, paused and removed one at a time, by API and command line. What is in
// leadledger.yaml is the file's alone.
import { clientIn } from "../domain/clients/client.ts";
import type { OfClient } from "../domain/clients/client.ts";
import type { ManagedPart, Situation } from "../ledger/configuration/managed-parts.ts";
import { changeManagedPart, readSituation } from "../ledger/configuration/managed-parts.ts";
import type { Changed, Decision } from "../ledger/configuration/managed-parts.ts";
import type { PartTable, StoredConfiguration, StoredPart } from "../ledger/configuration/configuration.ts";
import type { Actor, Database } from "../ledger/connection/database.ts";
import { expressionLengthMax } from "../domain/destinations/expression.ts";
import type { RejectExpression } from "../domain/destinations/expression.ts";
import { saidOfClients } from "./client-problem.ts";
import { isBeyondLimits } from "../ledger/connection/postgres-error.ts";
import type { CheckedPart, PartProblem, Surroundings } from "./check-part.ts";
import type { Entry } from "./fields/field.ts";
import { isMapping } from "./fields/settings.ts";
import type { RejectBodySchema } from "./body-schemas.ts";
import type { SecretBox } from "./stored-configuration.ts";

export type RandomBytes = (size: number) => Uint8Array;

/** What is to know about sources, or about destinations. */
export interface PartKind<Part> {
  readonly table: PartTable;
  check(name: string, entry: Entry, around: Surroundings): CheckedPart<Part>;
  toStored(part: Part, box: SecretBox): StoredPart;
  fromStored(stored: StoredPart, box: SecretBox): Part;
  /** The entry that comes out when the members of `patch` are changed. */
  patch(part: Part, patch: Entry): Entry;
  /** What no entry holds, taken over from what there was. */
  carriedOver?(before: Part, after: Part, patch: Entry): Part;
  /** What only those may write who may write expressions. */
  expressionOf?(part: Part): string | undefined;
  /** What whoever makes a new one has to say, though the file need not. */
  unsaid(entry: Entry): readonly PartProblem[];
  /** With a secret that was made here, where one is needed and none is given. */
  completed(entry: Entry, random: RandomBytes): { readonly entry: Entry; readonly secret: string | null };
  /** `value` takes the place of the secret; old ones are good until `endsAt`, not at all where that is `now`. */
  rotated(part: Part, value: string, endsAt: Date, now: Date): Rotated<Part>;
  paused(part: Part, paused: boolean): Part;
  /** As the part's kind wants it. */
  makeSecret(part: Part, random: RandomBytes): string;
}

export type Rotated<Part> =
  | {
      readonly kind: "rotated";
      readonly part: Part;
      /** Where the part says the new secret, as problems name the place. */
      readonly place: string;
    }
  /** There is no secret to replace. */
  | { readonly kind: "without_secret" }
  | { readonly kind: "too_many"; readonly secretsMax: number };

export interface PartManagerDeps {
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly random: RandomBytes;
  readonly rejectBodySchema: RejectBodySchema;
  /** Absent: nobody looks. */
  readonly rejectExpression?: RejectExpression;
  /** After each change. */
  readonly onChange: () => void;
}

export type PartRefusal =
  | { readonly kind: "not_found" }
  | { readonly kind: "removed" }
  | { readonly kind: "managed_by_file" }
  | { readonly kind: "name_taken" }
  | { readonly kind: "changed_meanwhile" }
  | { readonly kind: "without_secret" }
  /** Whoever makes or changes it may not write expressions. */
  | { readonly kind: "expression_needs_admin" }
  /** Whoever makes or changes it is limited to other clients. */
  | { readonly kind: "clients_exceed_own" }
  /** Sources that name the destination in `to`. */
  | { readonly kind: "in_use"; readonly by: readonly string[] }
  /** Sources that name the source in `via`. */
  | { readonly kind: "address_shared"; readonly by: readonly string[] }
  | { readonly kind: "invalid"; readonly problems: readonly PartProblem[] };

export type Managed =
  | {
      readonly kind: "done";
      readonly part: ManagedPart;
      /** Made here just now, and never to be seen again. */
      readonly secret: string | null;
      readonly warnings: readonly PartProblem[];
      /** null: no destination was removed. */
      readonly movedToDlq: number | null;
    }
  | PartRefusal;

export type Previewed =
  | {
      readonly kind: "previewed";
      /** Names of the sources that will send to it; none where it is a source itself. */
      readonly sources: readonly string[];
      readonly warnings: readonly PartProblem[];
    }
  | PartRefusal;

export interface Author {
  readonly actor: Actor;
  readonly mayWriteExpressions: boolean;
}

export interface Change extends Author {
  readonly name: string;
  /** Whether the part is still the one that the caller has seen. */
  readonly isSeen: (etag: string) => boolean;
}

export interface Rotation {
  /** null: one is made. */
  readonly secret: string | null;
  readonly overlapMs: number;
}

export interface PartManager {
  create(name: string, entry: Entry, author: Author): Promise<Managed>;
  /** What `create` would do; nothing is made. */
  preview(name: string, entry: Entry): Promise<Previewed>;
  change(change: Change, patch: Entry): Promise<Managed>;
  pause(change: Change, paused: boolean): Promise<Managed>;
  rotate(change: Change, rotation: Rotation): Promise<Managed>;
  remove(change: Change): Promise<Managed>;
  /** Out of leadledger.yaml: from now on it is changed here, whatever the file says about it. */
  takeOver(change: Change): Promise<Managed>;
}

export function createPartManager<Part>(kind: PartKind<Part>, deps: PartManagerDeps): PartManager {
  const { database, secretBox, random, rejectBodySchema, onChange } = deps;
  const { table } = kind;

  interface Outcome {
    secret: string | null;
    warnings: readonly PartProblem[];
  }

  async function carryOut(
    { name, actor }: Pick<Change, "name" | "actor">,
    decide: (situation: Situation, outcome: Outcome) => Decision<PartRefusal>,
  ): Promise<Managed> {
    const outcome: Outcome = { secret: null, warnings: [] };
    const changed = await changeManagedPart<PartRefusal>(database, actor, { table, name }, (situation) =>
      decide(situation, outcome),
    ).catch((error: unknown): Changed<PartRefusal> => {
      // Another client's, which is not shown, has the name.
      if (isBeyondLimits(error)) return { kind: "refused", refusal: { kind: "name_taken" } };
      throw error;
    });
    if (changed.kind === "refused") return changed.refusal;
    if (changed.kind === "across_clients")
      return { kind: "invalid", problems: [{ place: "client", said: saidOfClients(changed.fault) }] };
    onChange();
    return { kind: "done", part: changed.part, movedToDlq: changed.movedToDlq, ...outcome };
  }

  /** As `carryOut`, for a part that is there and not the file's. */
  function changeExisting(
    change: Change,
    decide: (part: Part, situation: Situation, outcome: Outcome) => Decision<PartRefusal>,
  ): Promise<Managed> {
    return carryOut(change, (situation, outcome) => {
      const { current } = situation;
      if (current === null) return refuse({ kind: "not_found" });
      if (!current.enabled) return refuse({ kind: "removed" });
      if (current.managedBy === "file") return refuse({ kind: "managed_by_file" });
      if (!change.isSeen(current.etag)) return refuse({ kind: "changed_meanwhile" });
      return decide(kind.fromStored(current.stored, secretBox), situation, outcome);
    });
  }

  function checked(name: string, entry: Entry, situation: Situation): CheckedPart<Part> {
    const { configuration, timezone } = situation;
    const result = kind.check(name, entry, { ...namesIn(configuration), timezone, rejectBodySchema });
    if (!result.ok || table === "sources") return result;
    const sources = sourcesThatName(name, configuration).filter(
      (source) => clientIn(source.settings) !== clientIn(entry),
    );
    if (sources.length === 0) return result;
    const params = { destination: name, sources: sources.map((source) => source.name) };
    return { ok: false, problems: [{ place: "client", said: { code: "sources_of_other_client", params } }] };
  }

  type JudgedNew =
    | {
        readonly kind: "fit";
        readonly part: Part;
        readonly secret: string | null;
        readonly sources: readonly string[];
        readonly warnings: readonly PartProblem[];
      }
    | PartRefusal;

  function judgeNew(name: string, wanted: Entry, situation: Situation): JudgedNew {
    const { current, configuration } = situation;
    if (current?.enabled === true)
      return { kind: current.managedBy === "file" ? "managed_by_file" : "name_taken" };
    const { entry, secret } = kind.completed(ofClient(wanted), random);
    const result = checked(name, entry, situation);
    const problems = [...(result.ok ? [] : result.problems), ...kind.unsaid(wanted)];
    if (!result.ok || problems.length > 0) return { kind: "invalid", problems };
    const sources =
      table === "sources" ? [] : sourcesThatSendTo({ name, client: clientIn(entry) }, configuration.sources);
    const isAlone = table === "destinations" && sources.length === 0;
    const warnings = isAlone ? [...result.warnings, nobodySendsTo(name)] : result.warnings;
    return { kind: "fit", part: result.part, secret, sources, warnings };
  }

  const write = (part: Part): Decision<PartRefusal> => {
    const stored = kind.toStored(part, secretBox);
    const { client = "" } = stored.settings;
    const { limits } = database;
    if (limits !== undefined && !limits.clients.some((own) => own === client))
      return refuse({ kind: "clients_exceed_own" });
    return { kind: "write", part: stored };
  };
  const changesExpression = (before: Part | null, after: Part): boolean =>
    (before === null ? undefined : kind.expressionOf?.(before)) !== kind.expressionOf?.(after);
  const unreadableExpression = async ({ expression }: Entry): Promise<PartRefusal | null> => {
    if (kind.expressionOf === undefined || typeof expression !== "string") return null;
    if (expression.length > expressionLengthMax) return null;
    const reason = (await deps.rejectExpression?.(expression)) ?? null;
    if (reason === null) return null;
    const said = { code: "expression_invalid", params: { reason } } as const;
    return { kind: "invalid", problems: [{ place: "expression", said }] };
  };
  /** Who is limited to one client alone need not say it. */
  const ofClient = (entry: Entry): Entry => {
    const [only, ...others] = database.limits?.clients ?? [];
    return only === undefined || others.length > 0 ? entry : { client: only, ...entry };
  };

  return {
    async create(name, wanted, author) {
      const unreadable = await unreadableExpression(wanted);
      if (unreadable !== null) return unreadable;
      return carryOut({ name, actor: author.actor }, (situation, outcome) => {
        const judged = judgeNew(name, wanted, situation);
        if (judged.kind !== "fit") return refuse(judged);
        if (changesExpression(null, judged.part) && !author.mayWriteExpressions)
          return refuse({ kind: "expression_needs_admin" });
        outcome.secret = judged.secret;
        outcome.warnings = judged.warnings;
        return write(judged.part);
      });
    },

    async preview(name, wanted) {
      const situation = await readSituation(database, { table, name });
      const judged = judgeNew(name, wanted, situation);
      if (judged.kind !== "fit") return judged;
      const { sources, warnings } = judged;
      return { kind: "previewed", sources, warnings };
    },

    async change(change, patch) {
      const unreadable = await unreadableExpression(patch);
      if (unreadable !== null) return unreadable;
      return changeExisting(change, (part, situation, outcome) => {
        const { entry, secret } = kind.completed(kind.patch(part, patch), random);
        const result = checked(change.name, entry, situation);
        if (!result.ok) return refuse({ kind: "invalid", problems: result.problems });
        if (changesExpression(part, result.part) && !change.mayWriteExpressions)
          return refuse({ kind: "expression_needs_admin" });
        outcome.secret = secret;
        outcome.warnings = result.warnings;
        return write(kind.carriedOver?.(part, result.part, patch) ?? result.part);
      });
    },

    pause: (change, paused) => changeExisting(change, (part) => write(kind.paused(part, paused))),

    rotate: (change, { secret: given, overlapMs }) =>
      changeExisting(change, (part, situation, outcome) => {
        const { now } = situation;
        const secret = given ?? kind.makeSecret(part, random);
        const rotated = kind.rotated(part, secret, new Date(now.getTime() + overlapMs), now);
        switch (rotated.kind) {
          case "without_secret":
            return refuse({ kind: "without_secret" });
          case "too_many":
            return refuse({
              kind: "invalid",
              problems: [
                {
                  place: "secrets",
                  said: { code: "list_too_long", params: { entriesMax: rotated.secretsMax } },
                },
              ],
            });
          case "rotated": {
            // The rules for a secret are those of a new part; whatever else is not right by now must not stand in the way.
            const result = checked(change.name, kind.patch(rotated.part, {}), situation);
            const problems = result.ok ? [] : aboutSecret(result.problems, rotated.place);
            if (problems.length > 0) return refuse({ kind: "invalid", problems });
            outcome.secret = given === null ? secret : null;
            outcome.warnings = result.ok ? aboutSecret(result.warnings, rotated.place) : [];
            return write(rotated.part);
          }
        }
      }),

    remove: (change) =>
      carryOut(change, ({ current, configuration }) => {
        if (current === null) return refuse({ kind: "not_found" });
        if (!current.enabled) return { kind: "keep" };
        if (current.managedBy === "file") return refuse({ kind: "managed_by_file" });
        if (!change.isSeen(current.etag)) return refuse({ kind: "changed_meanwhile" });
        if (table === "sources") {
          const by = sourcesVia(change.name, configuration);
          return by.length === 0 ? { kind: "disable" } : refuse({ kind: "address_shared", by });
        }
        const by = sourcesThatName(change.name, configuration).map(({ name }) => name);
        return by.length === 0 ? { kind: "disable" } : refuse({ kind: "in_use", by });
      }),

    takeOver: (change) =>
      carryOut(change, ({ current }) => {
        if (current === null) return refuse({ kind: "not_found" });
        if (!current.enabled) return refuse({ kind: "removed" });
        if (current.managedBy === "api") return { kind: "keep" };
        return change.isSeen(current.etag) ? { kind: "take_over" } : refuse({ kind: "changed_meanwhile" });
      }),
  };
}

function refuse(refusal: PartRefusal): Decision<PartRefusal> {
  return { kind: "refuse", refusal };
}

/** To whoever gives the new one it is `secret`, wherever the part says it. */
function aboutSecret(found: readonly PartProblem[], secretPlace: string): readonly PartProblem[] {
  return found.filter(({ place }) => place === secretPlace).map(({ said }) => ({ place: "secret", said }));
}

function namesIn({
  sources,
  destinations,
}: StoredConfiguration): Pick<Surroundings, "sources" | "openSettings" | "destinations"> {
  const openSettings = new Map(
    sources.map(({ name, settings: { auth } }) => [name, isMapping(auth) ? auth : {}]),
  );
  return {
    sources: sources.map(({ name }) => name),
    openSettings,
    destinations: destinations.map(({ name, settings }) => ({ name, client: clientIn(settings) })),
  };
}

function nobodySendsTo(destination: string): PartProblem {
  return { place: "name", said: { code: "nobody_sends_there", params: { destination } } };
}

/** Names of those of its client that send there, by its name or because they send to all. */
export function sourcesThatSendTo(destination: OfClient, sources: readonly StoredPart[]): string[] {
  return sources
    .filter(
      ({ settings }) =>
        clientIn(settings) === destination.client &&
        (!Array.isArray(settings["to"]) || settings["to"].includes(destination.name)),
    )
    .map(({ name }) => name);
}

/** Without it nothing would arrive for them. */
function sourcesVia(address: string, { sources }: StoredConfiguration): string[] {
  return sources
    .filter(({ settings: { auth } }) => isMapping(auth) && auth["via"] === address)
    .map(({ name }) => name);
}

/** Without it they would send to nobody, or to fewer than somebody wanted. */
function sourcesThatName(destination: string, { sources }: StoredConfiguration): StoredPart[] {
  return sources.filter(({ settings: { to } }) => Array.isArray(to) && to.includes(destination));
}
