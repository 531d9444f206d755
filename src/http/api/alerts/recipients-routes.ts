// /alert-recipients: who is told of alerts, and whether messages arrive there.
import { randomUUID } from "node:crypto";
import { Type } from "typebox";
import { isConfirmationCode } from "../../../alerts/confirmation.ts";
import { alertMessage } from "../../../alerts/message.ts";
import { tell } from "../../../alerts/tell.ts";
import type { Channels } from "../../../alerts/tell.ts";
import { languageOf, recipientKinds } from "../../../config/alert-recipients.ts";
import { checkRecipient } from "../../../config/check-part.ts";
import type { Entry } from "../../../config/fields/field.ts";
import { patchedEntry, shownSettings } from "../../../config/fields/settings.ts";
import { formFieldsOf } from "../../../config/form-fields.ts";
import type { FormField } from "../../../config/form-fields.ts";
import type { PartProblem } from "../../../config/check-part.ts";
import {
  addressMark,
  readRecipient,
  recipientOf,
  storedRecipient,
} from "../../../config/stored-recipient.ts";
import { secretFingerprint } from "../../../config/stored-configuration.ts";
import type { SecretBox } from "../../../config/stored-configuration.ts";
import type { Language } from "../../../domain/errors/error-catalogue.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import {
  askAnew,
  changeRecipient,
  confirmRecipient,
  findRecipient,
  listRecipients,
} from "../../../ledger/alerts/recipients.ts";
import type { KeptRecipient, RecipientChange } from "../../../ledger/alerts/recipients.ts";
import { readTimezone } from "../../../ledger/settings/settings.ts";
import type { Principal } from "../frame/principal.ts";
import { checkedByConfiguration } from "../frame/request-shape.ts";
import type { Refused } from "../frame/route.ts";
import { created, noContent, ok, refuse, route } from "../frame/route.ts";
import { closed, nullable, oneOf, timestamp } from "../frame/schemas.ts";
import { fieldSchema } from "../sources-and-destinations/form-schemas.ts";
import { placed } from "../sources-and-destinations/part-answers.ts";
import { entryOf, nameAndEntry } from "../sources-and-destinations/part-requests.ts";

export interface RecipientsDeps extends Channels {
  readonly database: Database;
  /** Where `database` is what a limited caller sees: all of it, for whoever has a code. */
  readonly whole: Database;
  readonly secretBox: SecretBox;
  /** The subkey `alert-confirmation`. */
  readonly confirmationKey: Buffer;
  /** null: it is not set. */
  readonly publicUrl: string | null;
}

const tag = "alerts";

const item = Type.Object(
  {
    name: Type.String(),
    kind: Type.String({ description: "The channel." }),
    managed_by: oneOf(["file", "api"], "file: leadledger.yaml says it; read-only here."),
    language: oneOf(["en", "de"]),
    severity: oneOf(["error", "warning", "none"]),
    confirmed_at: nullable(timestamp("When it was confirmed that messages arrive; null: it was not.")),
    confirmed_by: nullable(oneOf(["code", "answer"])),
    failing_since: nullable(timestamp("Since when messages do not get through; null: they do.")),
    failure_code: nullable(Type.String()),
    failure: nullable(Type.String()),
    told_at: nullable(timestamp("When it was last told something.")),
    updated_at: timestamp("Of the last change."),
  },
  { additionalProperties: true },
);

const named = Type.Object({ name: Type.String() });
const entryBody = Type.Unsafe<Entry | undefined>({
  ...checkedByConfiguration,
  type: "object",
  description: "`kind` and what belongs to it, as in leadledger.yaml; with `name` where it is made.",
});

export function recipientsRoutes(deps: RecipientsDeps) {
  const { database, whole, secretBox, kinds, confirmationKey, publicUrl } = deps;

  const shown = (kept: KeptRecipient) => {
    const recipient = recipientOf(kept, secretBox, kinds);
    const settings =
      recipient === null
        ? {}
        : shownSettings(recipient.kind.fields, recipient.settings, {
            fingerprint: (secret) => secretFingerprint(secretBox, `alert-recipient:${kept.name}`, secret),
            retiring: [],
          });
    return {
      language: "en" as const,
      severity: "error" as const,
      ...settings,
      name: kept.name,
      kind: kept.kind,
      managed_by: kept.managedBy,
      confirmed_at: kept.confirmedAt,
      confirmed_by: kept.confirmedBy,
      failing_since: kept.failingSince,
      failure_code: kept.failureCode,
      failure: kept.failure,
      told_at: kept.toldAt,
      updated_at: kept.updatedAt,
    };
  };

  async function change(
    name: string,
    { actor }: Principal,
    decide: Parameters<typeof changeRecipient<Refused>>[3],
  ): Promise<KeptRecipient | Refused | null> {
    const changed = await changeRecipient<Refused>(database, actor, name, decide);
    return changed.kind === "refused" ? changed.refusal : changed.recipient;
  }

  /** As the file would say it, or why it cannot be so. */
  function written(
    name: string,
    entry: Entry,
    current: KeptRecipient | null,
    others: readonly KeptRecipient[],
    language: Language,
  ): RecipientChange<Refused> {
    const problems = checkRecipient(
      name,
      entry,
      others.map((each) => each.name),
      kinds,
    );
    if (problems.length > 0) return { kind: "refuse", refusal: invalid(problems, language) };
    const recipient = storedRecipient(readRecipient(name, entry, kinds), secretBox);
    const isSameAddress = current !== null && addressMark(current, kinds) === addressMark(recipient, kinds);
    return { kind: "write", recipient, isSameAddress };
  }

  return [
    route(
      {
        method: "GET",
        path: "/alert-recipients",
        isOfWhole: true,
        tag,
        access: "configuration.read",
        summary: "Who is told of alerts",
        answers: {
          200: Type.Object({
            items: Type.Array(item),
            kinds: Type.Array(
              Type.Object({
                kind: Type.String(),
                label: Type.String(),
                fields: Type.Unsafe<readonly FormField[]>({ type: "array", items: fieldSchema }),
              }),
              { description: "Channels, with the fields of their forms." },
            ),
          }),
        },
      },
      async ({ language }) =>
        ok({
          items: (await listRecipients(database)).map(shown),
          kinds: recipientKinds(kinds).map(({ kind, label, fields }) => ({
            kind,
            label: label[language],
            fields: formFieldsOf(fields, language),
          })),
        }),
    ),
    route(
      {
        method: "POST",
        path: "/alert-recipients",
        isOfWhole: true,
        tag,
        access: "configuration.write",
        summary: "Add somebody who is told of alerts",
        description: "A message goes there that asks to confirm; until then nothing else is told.",
        body: entryBody,
        answers: { 201: item },
        problems: ["configuration_invalid", "name_taken"],
      },
      async ({ body, principal, language }) => {
        const { name, entry } = nameAndEntry(body);
        const made = await change(name, principal, (current, others) =>
          current === null
            ? written(name, entry, current, others, language)
            : { kind: "refuse", refusal: refuse("name_taken") },
        );
        if (made === null) return refuse("alert_recipient_unknown");
        return "problem" in made ? made : created(shown(made));
      },
    ),
    route(
      {
        method: "PATCH",
        path: "/alert-recipients/:name",
        isOfWhole: true,
        tag,
        access: "configuration.write",
        summary: "Change what somebody is told, or where",
        description: "Another address has to be confirmed anew.",
        params: named,
        body: entryBody,
        answers: { 200: item },
        problems: ["alert_recipient_unknown", "managed_by_file", "configuration_invalid"],
      },
      async ({ params: { name }, body, principal, language }) => {
        const patch = entryOf(body);
        const changed = await change(name, principal, (current, others) => {
          const known = current === null ? null : recipientOf(current, secretBox, kinds);
          if (current === null || known === null)
            return { kind: "refuse", refusal: refuse("alert_recipient_unknown") };
          if (current.managedBy === "file") return { kind: "refuse", refusal: refuse("managed_by_file") };
          const { kind } = known.kind;
          const isOther = (patch["kind"] ?? kind) !== kind;
          const entry = isOther ? patch : { kind, ...patchedEntry(known.kind.fields, known.settings, patch) };
          return written(name, entry, current, others, language);
        });
        if (changed === null) return refuse("alert_recipient_unknown");
        return "problem" in changed ? changed : ok(shown(changed));
      },
    ),
    route(
      {
        method: "DELETE",
        path: "/alert-recipients/:name",
        isOfWhole: true,
        tag,
        access: "configuration.write",
        summary: "Tell somebody nothing any more",
        params: named,
        answers: { 204: null },
        problems: ["alert_recipient_unknown", "managed_by_file"],
      },
      async ({ params: { name }, principal }) => {
        const removed = await change(name, principal, (current) => {
          if (current === null) return { kind: "refuse", refusal: refuse("alert_recipient_unknown") };
          return current.managedBy === "file"
            ? { kind: "refuse", refusal: refuse("managed_by_file") }
            : { kind: "remove" };
        });
        return removed !== null && "problem" in removed ? removed : noContent();
      },
    ),
    route(
      {
        method: "POST",
        path: "/alert-recipients/:name/test",
        isOfWhole: true,
        tag,
        access: "configuration.write",
        summary: "Send a test message, and say what became of it",
        params: named,
        answers: {
          200: Type.Object({
            sent: Type.Boolean({ description: "The channel took it." }),
            code: nullable(Type.String({ description: "The stable code of what went wrong." })),
            message: nullable(Type.String({ description: "The same as a sentence." })),
          }),
        },
        problems: ["alert_recipient_unknown"],
      },
      async ({ params: { name } }) => {
        const kept = await findRecipient(database, name);
        const recipient = kept === null ? null : recipientOf(kept, secretBox, kinds);
        if (recipient === null) return refuse("alert_recipient_unknown");
        const id = randomUUID();
        const message = alertMessage(
          { kind: "test", message: id, insteadOf: null, alerts: [], code: null, recipient: name },
          { language: languageOf(recipient.settings), publicUrl, timezone: await readTimezone(database) },
        );
        const end = await tell(recipient, message, { id, attempt: 1, signal: neverAborted }, deps);
        return ok(
          end.kind === "sent"
            ? { sent: true, code: null, message: null }
            : { sent: false, code: end.code, message: end.message },
        );
      },
    ),
    route(
      {
        method: "POST",
        path: "/alert-recipients/:name/ask",
        isOfWhole: true,
        tag,
        access: "configuration.write",
        summary: "Ask once more to confirm, with another code",
        params: named,
        answers: { 204: null },
        problems: ["alert_recipient_unknown"],
      },
      async ({ params: { name } }) =>
        (await askAnew(database, name)) || (await findRecipient(database, name)) !== null
          ? noContent()
          : refuse("alert_recipient_unknown"),
    ),
    route(
      {
        method: "POST",
        path: "/alert-recipients/:name/confirm",
        tag,
        access: "anyone",
        summary: "Confirm that messages arrive, by the code of one",
        description:
          "Nobody has to be signed in: whoever has the code has the message. After ten wrong codes another one has to be asked for.",
        params: named,
        body: Type.Object({ code: Type.String({ maxLength: 40 }) }, closed),
        answers: { 204: null },
        problems: ["alert_code_wrong", "alert_codes_exhausted"],
      },
      async ({ params: { name }, body: { code } }) => {
        const confirmed = await confirmRecipient(whole, "system", name, (nonce) =>
          isConfirmationCode(confirmationKey, name, nonce, code),
        );
        if (confirmed === "confirmed") return noContent();
        // Whether there is such a recipient is nobody's business who has no code.
        return refuse(confirmed === "exhausted" ? "alert_codes_exhausted" : "alert_code_wrong");
      },
    ),
  ];
}

const neverAborted = new AbortController().signal;

function invalid(problems: readonly PartProblem[], language: Language): Refused {
  return refuse("configuration_invalid", { problems: placed(problems, language) });
}
