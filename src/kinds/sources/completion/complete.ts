// What a kind declares whose leads come as ids: which of them lack something, and how it is fetched.
import type { CompletionFailure } from "../../../domain/leads/completion.ts";
import type { SourceAuth } from "../../../domain/sources/source.ts";
import type { ExchangeEnd } from "../../../outgoing/exchange.ts";

export interface Complete {
  /** Whether the lead lacks what can be fetched. `body`: numbers are exact. Never throws, whatever it is. */
  needs(body: unknown): boolean;
  /** Where it is fetched from. */
  reach(auth: SourceAuth): CompletionReach;
  /**
   * Fetches in as many requests as it needs, each of which ends in time. Never throws for what the other side does. Tokens
   * stand in headers alone: addresses are logged by proxies.
   */
  fetch(auth: SourceAuth, body: unknown, get: Get): Promise<Completion>;
}

export interface CompletionReach {
  readonly url: URL;
  /** Loopback and private addresses, too. */
  readonly allowPrivate: boolean;
}

/** Sends one GET to the kind's address; `path`: with its query. */
export type Get = (path: string, headers: Readonly<Record<string, string>>) => Promise<ExchangeEnd>;

export type Completion =
  | {
      readonly kind: "completed";
      /** Members of the body beside those that it had, or in their place; numbers are exact. */
      readonly members: Readonly<Record<string, unknown>>;
      /** Which version of its interface was asked for and which one answered; null: it does not say. */
      readonly version: { readonly asked: string; readonly answered: string } | null;
    }
  | CompletionFailure;
