// Destinations of kind `nats`: every lead is a message in a stream of NATS JetStream.
import { destinationKind } from "../destination-kind.ts";
import { checkCredentials, natsFields } from "./fields.ts";

export const nats = destinationKind({
  kind: "nats",
  group: "programs",
  label: { en: "NATS JetStream", de: "NATS JetStream" },
  help: {
    en: "Every lead is published to a JetStream stream, which confirms that it has stored it and recognises a repeat within its duplicate window.",
    de: "Jeder Lead wird in einen JetStream-Stream veröffentlicht, der bestätigt, dass er ihn gespeichert hat, und eine Wiederholung innerhalb seines Duplikatfensters erkennt.",
  },
  testLeaves: {
    en: "A test lead is a message in the stream like any other, which its consumers get.",
    de: "Ein Testlead ist im Stream eine Nachricht wie jede andere; wer sie dort abholt, bekommt sie.",
  },
  fields: natsFields,
  formOrder: ["url", "subject", "user", "password", "credentials", "tls"],
  check: checkCredentials,
  transport: () => import("./transport.ts"),
});
