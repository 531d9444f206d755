// Destinations of kind `amqp`: every lead is a message to an exchange of RabbitMQ, or of another broker of AMQP 0-9-1.
import { destinationKind } from "../destination-kind.ts";
import { amqpFields } from "./fields.ts";

export const amqp = destinationKind({
  kind: "amqp",
  group: "programs",
  label: { en: "RabbitMQ (AMQP 0-9-1)", de: "RabbitMQ (AMQP 0-9-1)" },
  help: {
    en: "Every lead is published to an exchange as a lasting message, which the broker confirms. A lead that is sent again because the confirmation was lost is a second message with the same message_id.",
    de: "Jeder Lead wird als dauerhafte Nachricht an einen Exchange veröffentlicht, die der Broker bestätigt. Ein Lead, der wegen einer verlorenen Bestätigung noch einmal gesendet wird, ist eine zweite Nachricht mit derselben message_id.",
  },
  testLeaves: {
    en: "A test lead is a message like any other, which whoever consumes the queue gets.",
    de: "Ein Testlead ist eine Nachricht wie jede andere; wer die Queue liest, bekommt sie.",
  },
  fields: amqpFields,
  formOrder: ["url", "user", "password", "exchange", "routingKey"],
  transport: () => import("./transport.ts"),
});
