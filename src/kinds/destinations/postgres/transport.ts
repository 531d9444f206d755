// Delivers leads to a destination of kind `postgres`: one INSERT per attempt.
import type pg from "pg";
import { withoutCredentials } from "../../../config/fields/connection-url.ts";
import type { Outcome } from "../../../domain/destinations/outcome.ts";
import { openConnector } from "../../../outgoing/connector.ts";
import { classifyTransportError } from "../../../outgoing/transport-error.ts";
import type { SenderDeps } from "../destination-kind.ts";
import type { DeliveryMessage, Sender, ShownRequest } from "../sender.ts";
import { timedSender } from "../timed-sender.ts";
import { understood, verdict, within } from "../verdict.ts";
import { meaningOf } from "./answers.ts";
import { readColumns } from "./columns.ts";
import { openConnections } from "./connections.ts";
import type { PostgresDestination } from "./fields.ts";
import { columnNames, insertOf, trialOf } from "./insert.ts";

export function open(destination: PostgresDestination, deps: SenderDeps): Sender {
  const { name, timeoutMs } = destination;
  const columns = columnNames(destination);
  const connections = openConnections(destination, openConnector(destination, deps));
  const use = <T>(over: AbortSignal, work: (client: pg.Client) => Promise<T>): Promise<T> =>
    understood(
      () => connections.use(over, work),
      (error) => meaningOf(error, name, columns),
    );
  const sender = timedSender(destination, {
    send: (message, over) => use(over, (client) => insert(client, destination, message)),
    async connect() {
      await within(timeoutMs, (over) => use(over, (client) => tryOut(client, destination)));
      return withoutCredentials(destination.url);
    },
    close: () => connections.close(),
  });
  return {
    ...sender,
    async fields() {
      try {
        const fields = await within(timeoutMs, (over) =>
          use(over, (client) => readColumns(client, destination)),
        );
        return { kind: "fields", fields };
      } catch (error) {
        return { kind: "unread", outcome: classifyTransportError(error, destination) };
      }
    },
  };
}

export function preview(destination: PostgresDestination, message: DeliveryMessage): ShownRequest {
  const { text, values } = insertOf(destination, message);
  const parameters = values.map((value, index) => `-- $${index + 1} = ${commented(value ?? "NULL")}`);
  return {
    method: "INSERT",
    url: withoutCredentials(destination.url),
    headers: {},
    body: [text, ...parameters].join("\n"),
  };
}

/** Whoever copies it into a console must not run what a lead says. */
function commented(text: string): string {
  return text.replaceAll(/\r\n?|\n/g, "\n--   ");
}

async function insert(
  client: pg.Client,
  destination: PostgresDestination,
  message: DeliveryMessage,
): Promise<Outcome> {
  const { text, values } = insertOf(destination, message);
  // Without a name: named statements belong to a connection, which a pooler in transaction mode may change.
  const { rowCount } = await client.query({ text, values: [...values] });
  const isThere = rowCount === 0;
  return {
    kind: "delivered",
    httpStatus: null,
    ...(isThere ? { receipt: { duplicate: "same_delivery" } } : {}),
  };
}

/** Whether table, columns, key and rights are as they must be, without writing anything. */
async function tryOut(client: pg.Client, destination: PostgresDestination): Promise<void> {
  const { text, values } = trialOf(destination);
  await client.query({ text, values: [...values] });
  const { rows } = await client.query<{ only: string }>(
    "SELECT current_setting('transaction_read_only') AS only",
  );
  if (rows[0]?.only === "on")
    throw verdict("destination_error", destination.name, "it is a standby, which takes no rows (25006)");
}
