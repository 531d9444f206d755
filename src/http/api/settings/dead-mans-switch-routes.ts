// /dead-mans-switch: the address that is called while all works, and whether it is.
import { Type } from "typebox";
import { readSettings, schemaOfFields } from "../../../config/fields/settings.ts";
import type { Entry } from "../../../config/fields/field.ts";
import { deadMansSwitchFields, deadMansSwitchSection } from "../../../config/sections/dead-mans-switch.ts";
import { changeSection, readSection } from "../../../config/sections/managed-section.ts";
import type { SectionDeps, SectionRefusal } from "../../../config/sections/managed-section.ts";
import { silenceReasons } from "../../../domain/figures/dead-mans-switch.ts";
import type { SilenceReason } from "../../../domain/figures/dead-mans-switch.ts";
import type { Language } from "../../../domain/errors/error-catalogue.ts";
import { formatDuration } from "../../../domain/values/duration.ts";
import { neverCalled, readDeadMansSwitch } from "../../../ledger/figures/dead-mans-switch.ts";
import { fitsIfMatch } from "../frame/if-match.ts";
import { checkedByConfiguration } from "../frame/request-shape.ts";
import type { Refused } from "../frame/route.ts";
import { noContent, ok, refuse, route } from "../frame/route.ts";
import { nullable, oneOf, timestamp } from "../frame/schemas.ts";
import { placed } from "../sources-and-destinations/part-answers.ts";
import { entryOf } from "../sources-and-destinations/part-requests.ts";

const tag = "settings";

const answer = Type.Object({
  origin: nullable(
    Type.String({
      description: "Of the address, of which the rest is as good as a password; null: there is none.",
    }),
  ),
  every: Type.String({ description: "How often it is called: 1m." }),
  allow_private: Type.Boolean(),
  managed_by: nullable(oneOf(["file", "api"], "file: leadledger.yaml says it; read-only here.")),
  called_at: nullable(timestamp("When it was last called and took it; null: never.")),
  silent_since: nullable(timestamp("Since when it has not been called; null: it is.")),
  reasons: Type.Unsafe<readonly SilenceReason[]>({
    type: "array",
    items: oneOf(silenceReasons),
    description: "Why not.",
  }),
});

const body = Type.Unsafe<Entry | undefined>({
  ...checkedByConfiguration,
  ...schemaOfFields(deadMansSwitchFields),
  required: [],
  description:
    "As `dead_mans_switch` in leadledger.yaml. What is left out of `url` and the others stays as it is where there is one.",
});

export function deadMansSwitchRoutes(deps: SectionDeps) {
  const { database, secretBox } = deps;

  async function current() {
    const section = await readSection(database, secretBox, deadMansSwitchSection);
    const { everyMs, allowPrivate, url } = readSettings(deadMansSwitchFields, section?.entry ?? { url: "" });
    const state = section === null ? neverCalled : await readDeadMansSwitch(database);
    return {
      etag: etagOf(section?.updatedAt ?? null),
      shown: {
        origin: section === null ? null : new URL(url).origin,
        every: formatDuration(everyMs),
        allow_private: allowPrivate,
        managed_by: section?.managedBy ?? null,
        ...state,
      },
    };
  }

  return [
    route(
      {
        method: "GET",
        path: "/dead-mans-switch",
        isOfWhole: true,
        tag,
        access: "configuration.read",
        summary: "The address that is called while all works, and whether it is",
        description:
          "The leader calls it as long as its own `/health` answers over HTTP, a commit is finished and deliveries are sent: a node that is dead cannot say so itself.",
        answers: { 200: answer },
      },
      async () => {
        const { shown, etag } = await current();
        return ok(shown, { etag });
      },
    ),
    route(
      {
        method: "PUT",
        path: "/dead-mans-switch",
        isOfWhole: true,
        tag,
        access: "settings.write",
        summary: "Say or change the address that is called while all works",
        body,
        answers: { 200: answer },
        problems: ["configuration_invalid", "managed_by_file", "changed_meanwhile"],
      },
      async ({ body: wanted, principal, ifMatch, language }) => {
        const refusal = await changeSection(
          deps,
          {
            section: deadMansSwitchSection,
            actor: principal.actor,
            isSeen: (there) => fitsIfMatch(ifMatch, etagOf(there?.updatedAt ?? null)),
          },
          (there) => ({ ...there, ...entryOf(wanted) }),
        );
        if (refusal !== null) return refused(refusal, language);
        const { shown, etag } = await current();
        return ok(shown, { etag });
      },
    ),
    route(
      {
        method: "DELETE",
        path: "/dead-mans-switch",
        isOfWhole: true,
        tag,
        access: "settings.write",
        summary: "Call no address any more",
        answers: { 204: null },
        problems: ["managed_by_file"],
      },
      async ({ principal, language }) => {
        const refusal = await changeSection(
          deps,
          { section: deadMansSwitchSection, actor: principal.actor },
          () => null,
        );
        return refusal === null ? noContent() : refused(refusal, language);
      },
    ),
  ];
}

function refused(refusal: SectionRefusal, language: Language): Refused {
  return refusal.kind === "invalid"
    ? refuse("configuration_invalid", { problems: placed(refusal.problems, language) })
    : refuse(refusal.kind);
}

function etagOf(updatedAt: Date | null): string {
  return updatedAt === null ? "none" : updatedAt.getTime().toString(36);
}
