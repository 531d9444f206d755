// The kinds there are: one line each. Composition roots hand this value on; nothing else imports it, so that a test, or a
// program built on this one, adds kinds of its own.
import type { DestinationKind } from "./destinations/destination-kind.ts";
import { external } from "./destinations/external/kind.ts";
import { http } from "./destinations/http/kind.ts";
import { hmac } from "./sources/hmac/hmac.ts";
import { none } from "./sources/none/none.ts";
import type { SourceKind } from "./sources/source-kind.ts";
import { token } from "./sources/token/token.ts";

export interface Kinds {
  readonly sources: readonly SourceKind[];
  /** In the order in which people are offered them. */
  readonly destinations: readonly DestinationKind[];
}

export const builtInKinds: Kinds = {
  sources: [hmac, token, none],
  destinations: [http, external],
};
