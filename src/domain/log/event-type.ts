// What is said about a type of audit event: once, in one entry, for whoever writes, shows, hides or documents it.
import type { Texts } from "../errors/explained.ts";
import type { DlqStatus, RunStatus } from "../leads/run.ts";

export interface EventType {
  /** Under which topic live views are told of it. What is told under `audit` only those hear who may read the log. */
  readonly topic: EventTopic;
  /** `database`: by triggers and functions, whoever makes the change; the program never writes one of these. */
  readonly writtenBy: "program" | "database" | "either";
  /** What the payload may hold, apart from what somebody writes with SQL. */
  readonly members: Readonly<Record<string, MemberKind>>;
  /** Members, or what lies below them, may be fields of a person: they are masked by their names. */
  readonly holdsPersonFields?: true;
  /** The state that the run or the entry has from then on; `as_told`: the payload's own `status`. */
  readonly becomes?: RunStatus | DlqStatus | "as_told";
  /** Afterwards a key or a session may be good for less than before. */
  readonly weakensCredentials?: true;
  /** In which of the counters for Prometheus the log's line of this name counts. */
  readonly countedAs?: "request" | "denied" | "attempt" | "skipped";
  /** What happened, in a few words. */
  readonly name: Texts;
  /** "Written when …", for the documentation. */
  readonly when: Texts;
  /** The payload by an example, for the documentation. */
  readonly payload: string | Texts;
}

export type EventTopic = "run" | "dlq" | "operation" | "configuration" | "kpi" | "audit" | "health";

interface Kinds {
  readonly text: string;
  readonly number: number;
  readonly boolean: boolean;
  /** ISO 8601 once it is written. */
  readonly time: string | Date;
  readonly texts: readonly string[];
  readonly json: unknown;
}

/** `?`: it is not always there. */
export type MemberKind = `${keyof Kinds}${"" | "|null" | "?"}`;

/** What a writer gives for these members. */
export type PayloadOf<Members> = {
  readonly [Name in keyof Members as Members[Name] extends `${string}?` ? never : Name]: ValueOf<
    Members[Name]
  >;
} & {
  readonly [Name in keyof Members as Members[Name] extends `${string}?` ? Name : never]?: ValueOf<
    Members[Name]
  >;
};

type ValueOf<Kind> = Kind extends `${infer Inner}?`
  ? ValueOf<Inner>
  : Kind extends `${infer Inner}|null`
    ? ValueOf<Inner> | null
    : Kind extends keyof Kinds
      ? Kinds[Kind]
      : never;
