// How a kind of source is set up in the sender's system, in that system's words: what dashboard and command line begin with.
import type { InBothLanguages } from "../domain/configuration/form-words.ts";
import type { SenderReach } from "../domain/sources/address-remarks.ts";

/** What people look for: the system that their leads come from. Several kinds may share one. */
export interface Tile {
  readonly id: string;
  /** Smaller ones are shown first. */
  readonly rank: number;
  readonly label: InBothLanguages;
  readonly help: InBothLanguages;
}

/** One way to set it up. */
export interface SetUp {
  /** Of all ways that there are; lower case and hyphens. */
  readonly id: string;
  readonly tile: Tile;
  readonly label: InBothLanguages;
  /** What it is right for, what it costs, and what it loses. */
  readonly about: InBothLanguages;
  /** Members that only the sender's system knows, and that are asked for before the source is made; absent: none. */
  readonly asks?: readonly string[];
  /** In order; `{address}` and `{secret}` stand for those of the source. */
  readonly steps: readonly InBothLanguages[];
  /** In their place for a source that comes over the address of another one (`{via}`): what is to be entered here. */
  readonly sharedSteps?: readonly InBothLanguages[];
  /** true: requests come from servers outside, never from the own network. */
  readonly comesFromInternet: boolean;
  /** The only ports that the sender reaches; absent: any. */
  readonly ports?: readonly number[];
}

/** What there is to do for a source; `via`: the one whose address it shares, null: it has its own. */
export function stepsFor({ steps, sharedSteps }: SetUp, via: string | null): readonly InBothLanguages[] {
  return via === null ? steps : (sharedSteps ?? steps);
}

export interface StepValues {
  readonly address: string;
  readonly secret: string;
  readonly via: string | null;
}

/** A secret that is not known any more stays a word that says so. */
export function filledStep(step: string, { address, secret, via }: StepValues): string {
  return step
    .replaceAll("{address}", address)
    .replaceAll("{secret}", secret)
    .replaceAll("{via}", via ?? "");
}

/** Of whoever sends to a source that can be set up in these ways: ports are named where every way has them. */
export function senderReach(setUps: readonly SetUp[]): SenderReach {
  const ports = setUps.map((each) => each.ports ?? null);
  const [first = null] = ports;
  return {
    fromInternet: setUps.some(({ comesFromInternet }) => comesFromInternet),
    ports: ports.includes(null) ? null : first,
  };
}
