// The kinds of destination: what sends to each, and what each says about itself in a form.
import type { Destination } from "../../domain/destinations/destination.ts";
import type { KindWords } from "../../domain/configuration/form-words.ts";
import { externalForm } from "./external-form.ts";
import { httpForm } from "./http-form.ts";
import { createHttpDestination } from "./http.ts";
import type { HttpDestinationDeps } from "./http.ts";
import type { Sender } from "./sender.ts";

/** What the senders of all kinds need from outside. */
export type SenderDeps = HttpDestinationDeps;

/** The sender of a destination; null for a kind that we do not send to. Throws TypeError on a malformed URL. */
export function createSender(destination: Destination, deps: SenderDeps): Sender | null {
  switch (destination.kind) {
    case "http":
      return createHttpDestination(destination, deps);
    case "external":
      return null;
  }
}

/** In the order in which people are offered them. */
export const destinationForms: Readonly<Record<Destination["kind"], KindWords>> = {
  http: httpForm,
  external: externalForm,
};
