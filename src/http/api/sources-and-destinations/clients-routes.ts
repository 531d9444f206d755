// GET /clients: whose things there are, of an agency.
import { Type } from "typebox";
import { listClients } from "../../../ledger/configuration/clients.ts";
import type { Queryable } from "../../../ledger/connection/database.ts";
import { ok, route } from "../frame/route.ts";
import { nullable } from "../frame/schemas.ts";

const client = Type.Object({
  name: Type.String({ description: "As sources and destinations name it; empty: what names no client." }),
  label: nullable(Type.String({ description: "What people call it; null: by its name." })),
});

export function clientsRoutes({ database }: { readonly database: Queryable }) {
  return [
    route(
      {
        method: "GET",
        path: "/clients",
        tag: "clients",
        access: "configuration.read",
        summary: "The clients of an agency, by name",
        description:
          "Those that sources, destinations, users and keys name; where none does, one without a name. Whoever is limited to clients is told of these alone.",
        answers: { 200: Type.Object({ items: Type.Array(client) }) },
      },
      async () => ok({ items: await listClients(database) }),
    ),
  ];
}
