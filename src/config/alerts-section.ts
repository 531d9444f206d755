// The section `alerts:` of leadledger.yaml: who is told of alarms, and which rules differ from those that are on from the start.
import type { RuleChange, RuleChanges } from "../domain/alerts/alert-rules.ts";
import { urgency } from "../domain/figures/alarm.ts";
import { parseDuration } from "../domain/values/duration.ts";
import type { Actor, Database } from "../ledger/connection/database.ts";
import { applyRecipients } from "../ledger/alerts/recipients.ts";
import { readAlertRules, writeAlertRules } from "../ledger/alerts/rules.ts";
import { recipientKinds } from "./alert-recipients.ts";
import { checkDeclared, declaredOf } from "./declared-kind.ts";
import type { DeclaredKinds } from "./declared-kind.ts";
import type { Checking, Entry, FieldSchema } from "./fields/field.ts";
import { isMapping, schemaOfFields } from "./fields/settings.ts";
import { nearestName } from "./nearest-name.ts";
import type { DeclaredSection } from "./sections/declared-section.ts";
import { addressMark, readRecipient, storedRecipient } from "./stored-recipient.ts";
import type { SecretBox } from "./stored-configuration.ts";

export const alertsSectionName = "alerts";

const ruleSchema: FieldSchema = {
  type: "object",
  description: "What differs for this alarm.",
  properties: {
    notify: { type: "boolean", description: "false: nobody is told.", default: true },
    severity: { type: "string", enum: ["error", "warning"], description: "In place of the alarm's own." },
    for: {
      type: "string",
      format: "duration-overlap",
      description: "How long it has to stand before somebody is told, e.g. 10m.",
    },
    clear_after: {
      type: "string",
      format: "duration-overlap",
      description: "How long it has to be gone to be over, e.g. 5m.",
    },
  },
  additionalProperties: false,
};

/** Of an installation with these kinds of destinations. */
export function alertsSection(kinds: Pick<DeclaredKinds, "destinations">): DeclaredSection {
  return {
    name: alertsSectionName,
    label: { en: "Alerts", de: "Alarme" },
    schema: sectionSchema(kinds),
    sealedMembers: ["recipients"],
    isStoredApart: true,
    check: (checking) => checkAlerts(checking, kinds),
  };
}

function sectionSchema(kinds: Pick<DeclaredKinds, "destinations">): FieldSchema {
  const recipient = {
    type: "object",
    description: "Who is told, over which channel.",
    required: ["kind"],
    discriminator: { propertyName: "kind" },
    oneOf: recipientKinds(kinds).map(({ kind, fields }) => schemaOfFields(fields, kind)),
  };
  const schema = {
    type: "object",
    description: "Who is told of alarms, and of which.",
    properties: {
      recipients: {
        type: ["object", "null"],
        description: "By their names.",
        propertyNames: { format: "name" },
        additionalProperties: recipient,
      },
      rules: {
        type: ["object", "null"],
        description: "By the codes of alarms; every alarm has a rule from the start.",
        additionalProperties: ruleSchema,
      },
    },
    additionalProperties: false,
  };
  // Maps have a schema in place of a flag, which fields of kinds never have.
  return schema as unknown as FieldSchema;
}

/** What no schema can say: of each recipient what its channel knows, to whom it escalates, and codes of rules. */
function checkAlerts({ entry, note }: Checking, kinds: Pick<DeclaredKinds, "destinations">): void {
  const recipients = mappingOf(entry["recipients"]);
  for (const [name, recipient] of Object.entries(recipients)) {
    if (!isMapping(recipient)) continue;
    const declared = declaredOf(recipientKinds(kinds), recipient["kind"]);
    if (declared === undefined) continue;
    checkDeclared(declared, {
      name,
      entry: recipient,
      note: (list, place, said) => note(list, ["recipients", name, ...place], said),
    });
    const to = recipient["escalate_to"];
    const others = Object.keys(recipients).filter((other) => other !== name);
    if (typeof to === "string" && !others.includes(to))
      note("problems", ["recipients", name, "escalate_to"], {
        code: "not_one_of",
        params: { found: to, suggestion: nearestName(to, others), allowed: others },
      });
  }
  for (const code of Object.keys(mappingOf(entry["rules"])))
    if (!(urgency as readonly string[]).includes(code))
      note("problems", ["rules", code], {
        code: "not_one_of",
        params: { found: code, suggestion: nearestName(code, urgency), allowed: [...urgency] },
      });
}

function mappingOf(value: unknown): Entry {
  return isMapping(value) ? value : {};
}

/** Of an entry that was checked. */
export function readRules(rules: unknown): RuleChanges {
  return Object.fromEntries(
    Object.entries(mappingOf(rules)).flatMap(([code, said]): [string, RuleChange][] => {
      if (!isMapping(said)) return [];
      const { notify, severity, for: stands, clear_after: gone } = said;
      return [
        [
          code,
          {
            notify: typeof notify === "boolean" ? notify : undefined,
            severity: severity === "error" || severity === "warning" ? severity : undefined,
            forMs: typeof stands === "string" ? (parseDuration(stands) ?? undefined) : undefined,
            clearAfterMs: typeof gone === "string" ? (parseDuration(gone) ?? undefined) : undefined,
          },
        ],
      ];
    }),
  );
}

/**
 * Makes recipients and rules what the file says; `entry`: of a section that was checked. null: the file says nothing about
 * them, and what was its own is changed elsewhere from then on.
 */
export async function applyAlerts(
  {
    database,
    secretBox,
    kinds,
  }: { readonly database: Database; readonly secretBox: SecretBox; readonly kinds: DeclaredKinds },
  actor: Actor,
  entry: Entry | null,
): Promise<void> {
  const wanted =
    entry === null
      ? null
      : Object.entries(mappingOf(entry["recipients"])).map(([name, recipient]) =>
          storedRecipient(readRecipient(name, mappingOf(recipient), kinds), secretBox),
        );
  await applyRecipients(
    database,
    actor,
    wanted,
    (before, after) => addressMark(before, kinds) === addressMark(after, kinds),
  );
  const rules = entry === null ? (await readAlertRules(database)).rules : readRules(entry["rules"]);
  const managedBy = entry === null || (entry["rules"] ?? null) === null ? "api" : "file";
  await writeAlertRules(database, actor, { managedBy, rules });
}
