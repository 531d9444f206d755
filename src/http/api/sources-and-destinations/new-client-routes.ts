// POST /clients: a client of an agency, set up like another.
import { Type } from "typebox";
import type { PartProblem } from "../../../config/check-part.ts";
import { saidOfClients } from "../../../config/client-problem.ts";
import { copyClient } from "../../../config/client-from-template.ts";
import type { CopiedPart } from "../../../config/client-from-template.ts";
import type { DeclaredKinds } from "../../../config/declared-kind.ts";
import type { PartManagerDeps } from "../../../config/managed-part.ts";
import { valueRules } from "../../../config/value-rules.ts";
import { clientIn } from "../../../domain/clients/client.ts";
import { addManagedParts } from "../../../ledger/configuration/managed-parts.ts";
import { created, refuse, route } from "../frame/route.ts";
import { closed, nullable } from "../frame/schemas.ts";
import { placed } from "./part-answers.ts";

export interface NewClientDeps {
  readonly kinds: DeclaredKinds;
  readonly managing: PartManagerDeps;
}

const given = (what: string) =>
  Type.Optional(
    Type.Unsafe<Readonly<Record<string, Readonly<Record<string, unknown>>>>>({
      type: "object",
      additionalProperties: { type: "object" },
      description: `Members of the new ${what}, by the name of the one that is copied: \`{"a-crm": {"url": "https://…"}}\`.`,
    }),
  );

const copiedPart = Type.Object({
  name: Type.String(),
  template: Type.String({ description: "Name of the one that was copied." }),
  secret: Type.Optional(Type.String({ description: "Made just now; it is not shown again." })),
  gaps: Type.Unsafe<readonly string[]>({
    type: "array",
    items: { type: "string" },
    description: "Members that are still missing; until they are given it is paused.",
  }),
});

const newClient = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 63, description: "Letters, digits, `.`, `_`, `-`." }),
    label: Type.Optional(nullable(Type.String({ maxLength: 80, description: "What people call it." }))),
    from: nullable(
      Type.String({
        maxLength: 63,
        description: "Whose sources and destinations are copied; null: those that name no client.",
      }),
    ),
    sources: given("sources"),
    destinations: given("destinations"),
  },
  closed,
);

type Refusal =
  | { readonly kind: "client_not_found" }
  | { readonly kind: "name_taken"; readonly name: string }
  | { readonly kind: "invalid"; readonly problems: readonly PartProblem[] };

export function newClientRoutes({ kinds, managing }: NewClientDeps) {
  const { database, secretBox, random, rejectBodySchema, onChange } = managing;
  return [
    route(
      {
        method: "POST",
        path: "/clients",
        isOfWhole: true,
        tag: "clients",
        access: "settings.write",
        summary: "Set up a client of an agency like another",
        description:
          "Its sources and destinations are copied under names of its own, all of them or none. Secrets of ours are made anew and shown this once. Addresses, the secrets and tokens of senders and receivers, and ids of the other's pages and forms are never copied: give them in `sources` and `destinations`, or later; until then the part is paused and says in `gaps` what is missing.",
        body: newClient,
        answers: {
          201: Type.Object({
            name: Type.String(),
            label: nullable(Type.String()),
            sources: Type.Array(copiedPart),
            destinations: Type.Array(copiedPart),
          }),
        },
        problems: ["client_not_found", "configuration_invalid", "name_taken"],
      },
      async ({
        body: { name, label = null, from, sources = {}, destinations = {} },
        principal,
        language,
      }) => {
        const said =
          valueRules.client(name, name) ?? (label === null ? null : valueRules.label(label, label));
        if (said !== null)
          return refuse("configuration_invalid", { problems: placed([{ place: "name", said }], language) });
        let copied: {
          readonly sources: readonly CopiedPart[];
          readonly destinations: readonly CopiedPart[];
        } = {
          sources: [],
          destinations: [],
        };
        const added = await addManagedParts<Refusal>(database, principal.actor, (situation, existing) => {
          const { configuration, timezone } = situation;
          const all = [...configuration.sources, ...configuration.destinations];
          if (name === from || all.some(({ settings }) => clientIn(settings) === name))
            return { refusal: { kind: "name_taken", name } };
          const copy = copyClient(
            { name, label, from, sources, destinations },
            { configuration, timezone, rejectBodySchema, kinds, secretBox, random },
          );
          if (copy.kind === "template_empty") return { refusal: { kind: "client_not_found" } };
          if (copy.kind === "invalid") return { refusal: copy };
          const taken = [
            ...copy.sources.map(({ part }) => ["sources", part.name] as const),
            ...copy.destinations.map(({ part }) => ["destinations", part.name] as const),
          ].find(([table, part]) => existing.has(`${table} ${part}`));
          if (taken !== undefined) return { refusal: { kind: "name_taken", name: taken[1] } };
          copied = copy;
          return {
            client: { name, label },
            sources: copy.sources.map(({ part }) => part),
            destinations: copy.destinations.map(({ part }) => part),
          };
        });
        if (added.kind === "across_clients")
          return refuse("configuration_invalid", {
            problems: placed([{ place: "from", said: saidOfClients(added.fault) }], language),
          });
        if (added.kind === "refused") {
          const { refusal } = added;
          if (refusal.kind === "client_not_found") return refuse("client_not_found");
          if (refusal.kind === "name_taken") return refuse("name_taken", { reason: refusal.name });
          return refuse("configuration_invalid", { problems: placed(refusal.problems, language) });
        }
        onChange();
        return created(
          { name, label, sources: copied.sources.map(shown), destinations: copied.destinations.map(shown) },
          {},
        );
      },
    ),
  ];
}

function shown({ part, template, secret, gaps }: CopiedPart) {
  return { name: part.name, template, gaps: [...gaps], ...(secret === null ? {} : { secret }) };
}
