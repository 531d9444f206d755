// A source: who may post leads, how a lead of theirs is recognised, and where it goes.
import type { LeadMap } from "../leads/map-rules.ts";
import type { DistributionGroup } from "../leads/distribution.ts";
import type { PersonPointers } from "../leads/lead-reading.ts";
import type { KeyReuseRule } from "../leads/key-reuse.ts";
import type { SamePersonRule } from "../leads/same-person.ts";
import type { HeartbeatRule, SilenceRule } from "../silence/silence-setting.ts";
import type { RateLimit } from "../values/duration.ts";
import { defaultCountry } from "../values/phone-number.ts";
import type { PhoneCountry } from "../values/phone-number.ts";

/** A secret of a source; several may be valid at once, so that one can be replaced without a gap. */
export interface SourceSecret {
  readonly value: string;
  /** The secret is valid up to and including this instant; null: for ever. */
  readonly notAfter: Date | null;
}

/** How a source proves who it is: the name of its kind, and what the kind's fields hold. */
export interface SourceAuth {
  readonly kind: string;
  /** Absent: the kind has none. */
  readonly secrets?: readonly SourceSecret[];
  readonly [setting: string]: unknown;
}

/** An empty secret would let everyone in; configuration refuses it, and here it matches nobody. */
export function validSecrets(
  secrets: readonly SourceSecret[] | undefined,
  nowMs: number,
): readonly SourceSecret[] {
  return (secrets ?? []).filter(
    ({ value, notAfter }) => value !== "" && (notAfter === null || nowMs <= notAfter.getTime()),
  );
}

/** Since when nobody is let in any more, because every secret has expired; null: one is valid, or none is needed. */
export function lockedSince(auth: SourceAuth, nowMs: number): Date | null {
  const until = lastsUntil(auth);
  return until !== null && until.getTime() < nowMs ? until : null;
}

/** When the last secret ends; null: one never does, or none is needed. */
export function lastsUntil(auth: SourceAuth): Date | null {
  const ends = auth.secrets?.map(({ notAfter }) => notAfter?.getTime() ?? Infinity) ?? [];
  const last = Math.max(...ends);
  return Number.isFinite(last) ? new Date(last) : null;
}

/** Where the idempotency key of a lead is found. */
export type KeyRule =
  | { readonly kind: "header" }
  /** RFC 6901 pointer into the parsed body. */
  | { readonly kind: "pointer"; readonly pointer: string }
  /** The same body within the window is the same lead. */
  | { readonly kind: "body_hash"; readonly windowMs: number }
  /**
   * The header where there is one. Else the same content about the same person within the window is the same lead,
   * technical fields aside; where no person is recognised, each request is a lead of its own.
   */
  | { readonly kind: "header_preferred"; readonly windowMs: number };

/**
 * true: leads are taken and held, to be delivered when the source goes on; `refuse`: senders get 503, and whoever does not
 * try again loses its lead.
 */
export type SourcePause = boolean | "refuse";

/** What becomes of a request whose credentials are wrong: it is gone, or kept aside; the answer is 401 either way. */
export const badCredentialsRules = ["reject", "quarantine"] as const;
export type BadCredentialsRule = (typeof badCredentialsRules)[number];

export interface Source {
  /** Part of the address that senders call. */
  readonly name: string;
  /** What people call it; null: by its name. */
  readonly label: string | null;
  readonly auth: SourceAuth;
  readonly key: KeyRule;
  /** Of an agency: whose leads it takes; null: no client's. */
  readonly client: string | null;
  /** Names of destinations; null: all of its client. */
  readonly to: readonly string[] | null;
  /** Of those, which take turns; every other one gets every lead. Absent: none. */
  readonly oneOf?: readonly DistributionGroup[] | undefined;
  /** JSON Schema that the body must satisfy. */
  readonly schema: Readonly<Record<string, unknown>> | null;
  /** null: common German and English field names are recognised. */
  readonly person: PersonPointers | null;
  /** Where a telephone number says no country, it is one of this. */
  readonly country: PhoneCountry;
  /** Where members of the vocabulary come from; null: all of them are recognised. */
  readonly map: LeadMap | null;
  readonly bodyLimitBytes: number;
  readonly rateLimit: RateLimit | null;
  readonly paused: SourcePause;
  /** Its leads come as ids, and what they say is fetched before they are delivered. Follows from its kind and its settings. */
  readonly completes?: true | undefined;
  readonly onBadCredentials: BadCredentialsRule;
  readonly onKeyReuse: KeyReuseRule;
  /** null: leads of the same person are linked, and delivered as any. */
  readonly samePerson: SamePersonRule | null;
  /** Absent: by its rhythm, with one false alarm a year. */
  readonly silence?: SilenceRule | undefined;
  /** Absent: no test leads are expected. */
  readonly heartbeat?: HeartbeatRule | undefined;
}

/** Of a source that is made anew, except in leadledger.yaml, where an absent `key` goes on to demand the header. */
export const newSourceKey = { header: "preferred", body_hash: "10m" } as const;

export const preferredWindowMs = 600_000;

/** Of kinds that do not say otherwise. */
export const defaultKeyReuseRule = "reject" satisfies KeyReuseRule;

export const defaultBodyLimitBytes = 256 * 1024;

/** A source with every default and no credentials: what any name is under open intake. */
export function openSource(name: string): Source {
  return {
    name,
    label: null,
    client: null,
    // eslint-disable-next-line leadledger/kind-names -- what open_intake means
    auth: { kind: "none" },
    key: { kind: "header" },
    to: null,
    schema: null,
    person: null,
    country: defaultCountry,
    map: null,
    bodyLimitBytes: defaultBodyLimitBytes,
    rateLimit: null,
    paused: false,
    onBadCredentials: "reject",
    onKeyReuse: defaultKeyReuseRule,
    samePerson: null,
  };
}
