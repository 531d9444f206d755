// A kind of source or destination as far as it is declared: what it is called, and its fields. What does the work stands
// beside the declaration (src/kinds); configuration, forms and documentation read nothing but this.
import type { InBothLanguages } from "../domain/configuration/form-words.ts";
import type { AnswerRule } from "../domain/destinations/answer-rules.ts";
import type { Language } from "../domain/errors/error-catalogue-entry.ts";
import type { LeadMap } from "../domain/leads/map-rules.ts";
import type { LeadMark } from "../domain/sources/shared-address.ts";
import { defaultKeyReuseRule } from "../domain/sources/source.ts";
import type { KeyReuseRule } from "../domain/leads/key-reuse.ts";
import type { Checking, Fields } from "./fields/field.ts";
import type { DestinationGroup } from "./destination-group.ts";
import { checkFields } from "./fields/settings.ts";
import type { Settings } from "./fields/settings.ts";
import type { DeclaredSection } from "./sections/declared-section.ts";
import type { SetUp } from "./set-up.ts";

export interface DeclaredKind {
  /** As `kind:` says it; the name of the folder. */
  readonly kind: string;
  readonly label: InBothLanguages;
  readonly help: InBothLanguages;
  /** In the order of the schema. */
  readonly fields: Fields;
  /** Keys of fields in the order in which a form asks for them; those not named follow as they are declared. */
  readonly formOrder?: readonly string[];
  /** What no field can say alone. */
  check?(checking: Checking): void;
}

export interface DeclaredDestination extends DeclaredKind {
  /** Under what people look for it; kinds of one group stand together. */
  readonly group: DestinationGroup;
  /** false: a worker of the user's own fetches its leads. */
  readonly sends: boolean;
  /** What a test lead leaves behind there, and who sees it: a sentence or two, said before one is sent. */
  readonly testLeaves: InBothLanguages;
  /**
   * What is known of its answers to the request that hands a lead over, after the rules of the destination's own; addresses
   * in it may stand for those of the destination. Absent: nothing, so that the status says it.
   */
  readonly answers?: readonly KnownAnswers[];
  /** People can be told of alerts by it. Absent: it takes leads alone. */
  readonly tells?: TellsPeople;
}

export interface TellsPeople {
  /** Keys of the fields that say where and how; everything else is about leads. */
  readonly fields: readonly string[];
  /** Success proves that somebody got it: no person has to confirm it. */
  readonly isProof?: true;
  /** Through the installation's own mail account. */
  readonly byMailAccount?: true;
}

export interface KnownAnswers {
  /** When these hold, where settings decide it: `Zapier`. Absent: always. */
  readonly when?: InBothLanguages;
  readonly rules: readonly AnswerRule[];
}

export interface DeclaredSource extends DeclaredKind {
  /**
   * Where an entry names it: in `auth`, with its fields beside it there, as a way of proving who one is; or at the top, as
   * what sends, with its fields beside `to` and `schema`.
   */
  readonly place: "auth" | "top";
  /** How it is set up in the sender's system: at least one way. */
  readonly setUp: readonly SetUp[];
  /** What people are offered first. */
  readonly isUsual?: true;
  /** Where an entry says no `on_key_reuse`; absent: `reject`. `keep_first` where the sender gives up after a 4xx. */
  readonly onKeyReuse?: KeyReuseRule;
  /** How an entry of leadledger.yaml names it. */
  readonly example: string;
  /** What a sample sends to prove itself; `own`: nothing that we have samples for. */
  readonly proof: "bearer" | "signature" | "nothing" | "own";
  /**
   * What the sender's system reads as success, and gets for whatever was taken, is a repeat, or is kept as unreadable.
   * Absent: what everyone gets (docs/contract.md, HTTP); `body` null: that, under this status.
   */
  readonly success?: { readonly status: 200; readonly body: string | null };
  /** How a secret that LeadLedger makes is written; absent: as base64url. */
  readonly madeSecret?: "whsec";
  /** What is to know about the sender's answers, limits and retries; "(unsure)" where it could not be read at the origin. */
  readonly facts?: readonly InBothLanguages[];
  /** false: with these settings of the source, samples cannot prove themselves. Absent: they always can. */
  readonly hasUsualProof?: (settings: Settings) => boolean;
  /** Code for where this kind's leads come from, which is offered before all other samples. Absent: there is none. */
  readonly samples?: (asked: SampleAsked) => readonly KindSample[];
  /**
   * Whether leads of a source with these settings come as ids and are completed before they are delivered
   * (`SourceKind.complete`). Absent: never.
   */
  readonly completes?: (settings: Settings) => boolean;
  /**
   * The sender has one address for several sources: by which ids its leads are told apart, from the widest to the
   * narrowest. Their keys are those of fields, beside `via`, which names the source whose address it is. Absent: each
   * source has an address of its own.
   */
  readonly sharedBy?: readonly LeadMark[];
  /** Its vendor can be asked whether leads will come (`SourceKind.vendorCheck`, from which it follows). */
  readonly hasVendorCheck?: true;
  /**
   * Where in this sender's bodies members of the vocabulary are, as in a source's `map`. Only what fields do not tell by
   * their names: where a rule gives nothing, and for members not in it, they are recognised.
   */
  readonly lead?: LeadMap;
}

export interface SampleAsked {
  /** `https://leads.example/webhook/lead/website` */
  readonly url: string;
  /** The source's members, as the API shows them. */
  readonly shown: Readonly<Record<string, unknown>>;
  /** Of what is said in it. */
  readonly language: Language;
}

export interface KindSample {
  /** `HTML`; the same in every language. */
  readonly name: string;
  /** Where it belongs, in words. */
  readonly label: string;
  readonly code: string;
}

/** What samples for a source of this kind with these settings send. */
export function proofOf(declared: DeclaredSource | undefined, settings: Settings): DeclaredSource["proof"] {
  const { proof = "own", hasUsualProof } = declared ?? {};
  return hasUsualProof?.(settings) === false ? "own" : proof;
}

/** What holds for sources of this kind that say nothing; undefined: a kind that this program does not know. */
export function keyReuseOf(declared: DeclaredSource | undefined): KeyReuseRule {
  return declared?.onKeyReuse ?? defaultKeyReuseRule;
}

/** The one that people are offered first among those that stand in `auth`. */
export function usualSource({ sources }: DeclaredKinds): DeclaredSource | undefined {
  return inOrderOfOffer(sources).find(({ place }) => place === "auth");
}

export function inOrderOfOffer<Kind extends DeclaredSource>(sources: readonly Kind[]): readonly Kind[] {
  return sources.toSorted((a, b) => Number(b.isUsual === true) - Number(a.isUsual === true));
}

/** In the order in which people are offered them. A value that composition roots hand on, so that tests add kinds. */
export interface DeclaredKinds {
  readonly sources: readonly DeclaredSource[];
  readonly destinations: readonly DeclaredDestination[];
  /** Of leadledger.yaml, beside those two; absent: none. */
  readonly sections?: readonly DeclaredSection[];
}

/** undefined: of a newer program, which shares the database. */
export function declaredOf<Kind extends DeclaredKind>(
  kinds: readonly Kind[],
  kind: unknown,
): Kind | undefined {
  return kinds.find((each) => each.kind === kind);
}

/** Everything about an entry of this kind that no schema can say. */
export function checkDeclared(declared: DeclaredKind, checking: Checking): void {
  checkFields(declared.fields, checking);
  declared.check?.(checking);
}
