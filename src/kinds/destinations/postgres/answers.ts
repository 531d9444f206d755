// What errors of somebody's PostgreSQL, and of the client in front of it, mean for a delivery.
import pg from "pg";
import { failure } from "../../../domain/destinations/outcome.ts";
import { AttemptFailed } from "../../../outgoing/connect-error.ts";
import { verdict } from "../verdict.ts";
import { meaningOfState } from "./sqlstate.ts";

/** `columns`: those that every row fills. null: it is the network's matter. */
export function meaningOf(error: unknown, name: string, columns: readonly string[]): AttemptFailed | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof pg.DatabaseError) {
    const { code = "XX000", message, column, constraint } = error;
    const meaning = meaningOfState({ code, message, column, constraint }, columns);
    return verdict(meaning.code, name, meaning.detail);
  }
  // pg's words for a server, or a pooler, without TLS.
  if (error.message.includes("does not support SSL"))
    return new AttemptFailed(
      failure("destination_tls", `no secure connection to ${name} (it offers no TLS)`),
    );
  // What it finds out by itself: no password was given, or the server does not know it either.
  if (error.message.startsWith("SASL"))
    return verdict("destination_auth", name, "the password is missing or wrong");
  return null;
}
