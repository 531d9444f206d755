// The kinds of destination, and what sends to each.
import type { Destination } from "../../domain/destination.ts";
import { createHttpDestination } from "./http.ts";
import type { HttpDestinationParts } from "./http.ts";
import type { Sender } from "./sender.ts";

/** What the senders of all kinds need from outside. */
export type SenderParts = HttpDestinationParts;

/** The sender of a destination; null for a kind that we do not send to. Throws TypeError on a malformed URL. */
export function createSender(destination: Destination, parts: SenderParts): Sender | null {
  switch (destination.kind) {
    case "http":
      return createHttpDestination(destination, parts);
    case "external":
      return null;
  }
}
