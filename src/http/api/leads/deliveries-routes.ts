// /deliveries: whether anything is sent at all.
import { Type } from "typebox";
import type { Database } from "../../../ledger/connection/database.ts";
import { readDeliverySwitch, switchDeliveries } from "../../../ledger/delivery/delivery-switch.ts";
import { ok, route } from "../frame/route.ts";
import { closed, nullable, timestamp } from "../frame/schemas.ts";

export interface DeliveriesDeps {
  readonly database: Database;
  /** Something has changed that nodes go by. */
  readonly onSwitch: () => void;
}

const deliverySwitch = Type.Object({
  stopped: Type.Boolean({
    description: "true: nothing is sent to any destination; leads are taken and wait.",
  }),
  at: nullable(timestamp("Of the last change; null: there was none.")),
  by: nullable(Type.String({ description: "Who made it, as an actor of the audit log." })),
  reason: nullable(Type.String({ description: "In that person's words." })),
});
const reasonMaxCharacters = 2_000;
const order = Type.Object(
  {
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: reasonMaxCharacters, description: "Why." })),
  },
  closed,
);

const actions = {
  stop: {
    summary: "Stop all deliveries; leads go on being taken",
    description:
      "For an hour in which something is wrong. All nodes know it within two seconds; what is being sent at that moment is sent to its end. Deliveries wait, DLQ entries too, and no attempt is counted.",
  },
  resume: {
    summary: "Let deliveries go on",
    description: "All nodes know it within two seconds. What waited is sent, slowly at first.",
  },
} as const;

export function deliveriesRoutes({ database, onSwitch }: DeliveriesDeps) {
  const tag = "deliveries";
  return [
    route(
      {
        method: "GET",
        path: "/deliveries",
        tag,
        access: "leads.read",
        summary: "Whether all deliveries are stopped",
        answers: { 200: deliverySwitch },
      },
      async () => ok(await readDeliverySwitch(database)),
    ),
    ...(["stop", "resume"] as const).map((action) =>
      route(
        {
          method: "POST",
          path: `/deliveries/${action}`,
          isOfWhole: true,
          tag,
          access: "configuration.write",
          ...actions[action],
          body: order,
          answers: { 200: deliverySwitch },
        },
        async ({ body: { reason = null }, principal }) => {
          const after = await switchDeliveries(database, principal.actor, {
            stopped: action === "stop",
            reason,
          });
          onSwitch();
          return ok(after);
        },
      ),
    ),
  ];
}
