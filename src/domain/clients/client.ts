// The clients of an agency: whose leads a source takes, and to whom a destination belongs. Nothing of one reaches another.
import type { Destination } from "../destinations/destination.ts";
import type { Source } from "../sources/source.ts";

/** As it is stored in SQL, and asked for in filters: sources and destinations that name none belong together, too. */
export const unnamedClient = "";

/** A source or a destination, as far as it matters who may send where. */
export interface OfClient {
  readonly name: string;
  /** null: it names none. */
  readonly client: string | null;
}

/** Whose it is; null: it names none. */
export function clientOf({ client = null }: Pick<Destination | Source, "client">): string | null {
  return client;
}

/** The same, of what is stored. */
export function clientIn({ client }: Readonly<Record<string, unknown>>): string | null {
  return typeof client === "string" ? client : null;
}

/** Where the leads of a source go, of the destinations that there are: all of its own client, or those of them that it names. */
export function destinationsOfSource<Some extends Pick<Destination, "name" | "client">>(
  source: Pick<Source, "to" | "client">,
  destinations: readonly Some[],
): Some[] {
  const own = destinations.filter((destination) => clientOf(destination) === clientOf(source));
  const { to } = source;
  if (to === null) return own;
  return to.flatMap((name) => own.filter((destination) => destination.name === name));
}
