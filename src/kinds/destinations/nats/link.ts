// One connection to a NATS server. Its client opens the socket by itself, so it is given an address that was checked, not
// a name, and nothing by which it would find another: no name service, no servers of the cluster, no reconnecting.
import { isIP } from "node:net";
import { connect } from "@nats-io/transport-node";
import type { NatsConnection, TlsOptions } from "@nats-io/transport-node";
import { connectionParts } from "../../../config/fields/connection-url.ts";
import type { Connector } from "../../../outgoing/connector.ts";
import type { Opened } from "../kept-connection.ts";
import { authenticatorOf } from "./authenticator.ts";
import { natsPort } from "./fields.ts";
import type { NatsDestination } from "./fields.ts";

export async function openLink(
  destination: NatsDestination,
  connector: Connector,
): Promise<Opened<NatsConnection>> {
  const { protocol, hostname, port } = connectionParts(destination.url, () => natsPort);
  const isSecure = protocol === "tls:" || destination.tls !== "off";
  const tls = isSecure ? tlsOptions(hostname, await connector.authorities()) : null;
  const authenticator = authenticatorOf(destination);
  const link = await connector.byAddress({ hostname, port }, (address) =>
    connect({
      servers: `${isIP(address) === 6 ? `[${address}]` : address}:${port}`,
      tls,
      ...(authenticator === undefined ? {} : { authenticator }),
      name: "LeadLedger",
      timeout: destination.timeoutMs,
      resolve: false,
      reconnect: false,
      ignoreClusterUpdates: true,
      noAsyncTraces: true,
    }),
  );
  return {
    link,
    lost: link.closed().then(() => undefined),
    end: () => link.close(),
  };
}

/** Beside what the client's type knows, it hands on whatever `tls.connect` takes. */
function tlsOptions(hostname: string, ca: string | undefined): TlsOptions {
  const whose = isIP(hostname) > 0 ? { host: hostname } : { servername: hostname };
  const options = { ...whose, ...(ca === undefined ? {} : { ca }) };
  return options;
}
