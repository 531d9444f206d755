// A kind of destination that is not LeadLedger's own: every lead is one line over TCP, answered by one word. It stands for
// whoever adds a kind, and shows all that is to be written for one.
import { once } from "node:events";
import type { Socket } from "node:net";
import type { Field } from "../../src/config/fields/field.ts";
import { checkReach, optionalSecret } from "../../src/config/fields/secret-fields.ts";
import { text } from "../../src/config/fields/plain-fields.ts";
import { deliveryId } from "../../src/domain/destinations/delivery-message.ts";
import { failure } from "../../src/domain/destinations/outcome.ts";
import type { Outcome } from "../../src/domain/destinations/outcome.ts";
import { destinationKind } from "../../src/kinds/destinations/destination-kind.ts";
import type { DestinationOf, SenderDeps } from "../../src/kinds/destinations/destination-kind.ts";
import type { DeliveryMessage, Sender, ShownRequest } from "../../src/kinds/destinations/sender.ts";
import { sendingFields } from "../../src/kinds/destinations/shared-fields.ts";
import { timedSender } from "../../src/kinds/destinations/timed-sender.ts";
import { openConnector } from "../../src/outgoing/connector.ts";

const host: Field<string> = {
  ...text("host", {
    label: { en: "Host and port", de: "Host und Port" },
    help: { en: "Where the lines go.", de: "Wohin die Zeilen gehen." },
    example: "crm.example:9000",
  }),
  isAddress: true,
  check(written, checking) {
    if (typeof written !== "string") return;
    const target = targetOf(written);
    if (target !== null) checkReach("host", target.hostname, checking);
    else checking.note("problems", ["host"], { code: "text_unfit", params: { expected } });
  },
};
const expected = { en: "a host with its port", de: "ein Host mit Port" };

const fields = {
  host,
  password: optionalSecret("password", {
    label: { en: "Password", de: "Passwort" },
    help: { en: "Stands before every line.", de: "Steht vor jeder Zeile." },
  }),
  ...sendingFields,
} as const;

type LinesDestination = DestinationOf<typeof fields>;

export const lines = destinationKind({
  kind: "lines",
  group: "programs",
  label: { en: "Lines over TCP", de: "Zeilen über TCP" },
  help: { en: "Every lead is one line.", de: "Jeder Lead ist eine Zeile." },
  testLeaves: {
    en: "A test lead is a line like any other.",
    de: "Ein Testlead ist eine Zeile wie jede andere.",
  },
  fields,
  transport: () => Promise.resolve({ open, preview }),
});

function open(destination: LinesDestination, deps: SenderDeps): Sender {
  const connector = openConnector(destination, deps);
  const connect = async (): Promise<Socket> => {
    const target = targetOf(destination.host);
    if (target === null) throw new TypeError("no host with its port");
    return connector.connect({ ...target, secure: false });
  };
  return timedSender(destination, {
    async send(message, over) {
      const socket = await connect();
      over.addEventListener("abort", () => socket.destroy(), { once: true });
      socket.on("error", () => undefined);
      socket.write(lineOf(destination, message));
      const [answer] = (await once(socket, "data", { signal: over })) as [Buffer];
      socket.destroy();
      return outcomeOf(destination, answer.toString("utf8").trim());
    },
    async connect() {
      const socket = await connect();
      socket.destroy();
      return destination.host;
    },
    close: () => connector.close(),
  });
}

function preview(destination: LinesDestination, message: DeliveryMessage): ShownRequest {
  const body = lineOf({ ...destination, password: destination.password === null ? null : "***" }, message);
  return { method: "LINE", url: `tcp://${destination.host}`, headers: {}, body };
}

function lineOf({ name, password }: LinesDestination, { runId, revision, body }: DeliveryMessage): string {
  const head = JSON.stringify({ id: deliveryId(runId, name, revision), password });
  return `${head.slice(0, -1)},"lead":${body}}\n`;
}

function outcomeOf({ name }: LinesDestination, answer: string): Outcome {
  switch (answer) {
    case "ok":
      return { kind: "delivered", httpStatus: null };
    case "password":
      return failure("destination_auth", `${name} refuses the password`);
    case "no":
      return failure("destination_rejected", `${name} does not want this lead as it is`);
    default:
      return failure("destination_error", `${name} cannot take it now`);
  }
}

function targetOf(host: string): { readonly hostname: string; readonly port: number } | null {
  const found = /^([^\s:]{1,253}):(\d{1,5})$/.exec(host);
  return found === null ? null : { hostname: found[1] ?? "", port: Number(found[2]) };
}
