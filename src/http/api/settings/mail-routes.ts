// /mail: the mailbox that LeadLedger itself writes from.
import { Type } from "typebox";
import type { Static } from "typebox";
import { formFieldsOf } from "../../../config/form-fields.ts";
import type { FormField } from "../../../config/form-fields.ts";
import type { Entry } from "../../../config/fields/field.ts";
import {
  readSettings,
  schemaOfFields,
  shownSchemas,
  shownSettings,
} from "../../../config/fields/settings.ts";
import { changeSection, readSection } from "../../../config/sections/managed-section.ts";
import type { SectionDeps, SectionRefusal } from "../../../config/sections/managed-section.ts";
import { secretFingerprint } from "../../../config/stored-configuration.ts";
import type { Language } from "../../../domain/errors/error-catalogue.ts";
import { parseMailbox } from "../../../domain/values/mailbox.ts";
import { mailAccountFields, mailSection } from "../../../kinds/destinations/email/mail-account.ts";
import type { MailOutcome } from "../../../mail/send-mail.ts";
import { testMessage } from "../../../mail/test-message.ts";
import type { OwnMessage } from "../../../mail/own-message.ts";
import { fitsIfMatch } from "../frame/if-match.ts";
import { checkedByConfiguration } from "../frame/request-shape.ts";
import type { Refused } from "../frame/route.ts";
import { noContent, ok, refuse, route } from "../frame/route.ts";
import { closed, nullable, oneOf, timestamp } from "../frame/schemas.ts";
import { fieldSchema } from "../sources-and-destinations/form-schemas.ts";
import { placed } from "../sources-and-destinations/part-answers.ts";
import { entryOf } from "../sources-and-destinations/part-requests.ts";

export interface MailRoutesDeps extends SectionDeps {
  /** With the language of the account where nobody else says one. */
  readonly send: (message: OwnMessage) => Promise<MailOutcome>;
  readonly now: () => Date;
}

const tag = "settings";

const accountShape = Type.Object({
  managed_by: oneOf(["file", "api"], "file: leadledger.yaml says it; read-only here."),
  updated_at: timestamp("Of the last change."),
  from: Type.String(),
  language: oneOf(["de", "en"], "Of what is sent, where nothing else says it."),
  ...Object.fromEntries(
    Object.entries(shownSchemas(mailAccountFields))
      .filter(([member]) => member !== "from" && member !== "language")
      .map(([member, schema]) => [member, Type.Unsafe<unknown>(schema)]),
  ),
});
export interface MailAccountItem extends Static<typeof accountShape> {
  readonly [member: string]: unknown;
}

const mailAnswer = Type.Object({
  account: nullable(
    Type.Unsafe<MailAccountItem>({
      ...accountShape,
      description: "null: there is none, so that nothing is sent.",
    }),
  ),
  fields: Type.Unsafe<readonly FormField[]>({
    type: "array",
    items: fieldSchema,
    description: "Of a form that asks for it.",
  }),
});

const body = Type.Unsafe<Entry | undefined>({
  ...checkedByConfiguration,
  ...schemaOfFields(mailAccountFields),
  description:
    "As `mail` in leadledger.yaml. Of what is never shown, what is left out stays as it is while server and user stay the same; null removes it.",
});

export function mailRoutes(deps: MailRoutesDeps) {
  const { database, secretBox, send, now } = deps;

  async function current(language: Language) {
    const section = await readSection(database, secretBox, mailSection);
    const fields = formFieldsOf(mailAccountFields, language);
    if (section === null) return { answer: { account: null, fields }, etag: "none" };
    const { entry, managedBy, updatedAt } = section;
    const shown = shownSettings(mailAccountFields, readSettings(mailAccountFields, entry), {
      fingerprint: (secret) => secretFingerprint(secretBox, "mail", secret),
      retiring: [],
    });
    const account = { ...shown, managed_by: managedBy, updated_at: updatedAt } as unknown as MailAccountItem;
    return { answer: { account, fields }, etag: etagOf(updatedAt) };
  }

  return [
    route(
      {
        method: "GET",
        path: "/mail",
        isOfWhole: true,
        tag,
        access: "configuration.read",
        summary: "The mailbox that LeadLedger itself writes from, and the fields of its form",
        description: "Alerts, reports, invitations and links for new passwords come from it.",
        answers: { 200: mailAnswer },
      },
      async ({ language }) => {
        const { answer, etag } = await current(language);
        return ok(answer, { etag });
      },
    ),
    route(
      {
        method: "PUT",
        path: "/mail",
        isOfWhole: true,
        tag,
        access: "settings.write",
        summary: "Say or change the mailbox that LeadLedger itself writes from",
        body,
        answers: { 200: mailAnswer },
        problems: ["configuration_invalid", "managed_by_file", "changed_meanwhile"],
      },
      async ({ body: wanted, principal, ifMatch, language }) => {
        const refusal = await changeSection(
          deps,
          {
            section: mailSection,
            actor: principal.actor,
            isSeen: (there) => fitsIfMatch(ifMatch, there === null ? "none" : etagOf(there.updatedAt)),
          },
          (there) => withKeptSecrets(there, entryOf(wanted)),
        );
        if (refusal !== null) return refused(refusal, language);
        const { answer, etag } = await current(language);
        return ok(answer, { etag });
      },
    ),
    route(
      {
        method: "DELETE",
        path: "/mail",
        isOfWhole: true,
        tag,
        access: "settings.write",
        summary: "Forget the mailbox: nothing is sent any more",
        answers: { 204: null },
        problems: ["managed_by_file"],
      },
      async ({ principal, language }) => {
        const refusal = await changeSection(
          deps,
          { section: mailSection, actor: principal.actor },
          () => null,
        );
        return refusal === null ? noContent() : refused(refusal, language);
      },
    ),
    route(
      {
        method: "POST",
        path: "/mail/test",
        isOfWhole: true,
        tag,
        access: "settings.write",
        summary: "Send a test mail, and say what became of it",
        body: Type.Object(
          { to: Type.String({ maxLength: 400, description: "One e-mail address." }) },
          closed,
        ),
        answers: {
          200: Type.Object({
            sent: Type.Boolean({ description: "The mail server took it." }),
            code: nullable(Type.String({ description: "The stable code of what went wrong." })),
            message: nullable(Type.String({ description: "The same as a sentence." })),
          }),
        },
        problems: ["mail_missing", "recipient_invalid"],
      },
      async ({ body: { to }, language }) => {
        if (parseMailbox(to) === null) return refuse("recipient_invalid");
        const outcome = await send(testMessage(to, language, now()));
        switch (outcome.kind) {
          case "no_account":
            return refuse("mail_missing");
          case "sent":
            return ok({ sent: true, code: null, message: null });
          case "failed":
            return ok({ sent: false, code: outcome.code, message: outcome.message });
        }
      },
    ),
  ];
}

/** What is never shown cannot be sent back; to another server it must not go by itself. */
function withKeptSecrets(there: Entry | null, wanted: Entry): Entry {
  if (there === null) return wanted;
  const isSame = ["smtp", "user"].every(
    (member) => wanted[member] === undefined || wanted[member] === there[member],
  );
  const { sealedMembers } = mailSection;
  const kept = Object.entries(there).filter(([member]) => isSame && sealedMembers.includes(member));
  return { ...Object.fromEntries(kept), ...wanted };
}

function refused(refusal: SectionRefusal, language: Language): Refused {
  return refusal.kind === "invalid"
    ? refuse("configuration_invalid", { problems: placed(refusal.problems, language) })
    : refuse(refusal.kind);
}

function etagOf(updatedAt: Date): string {
  return updatedAt.getTime().toString(36);
}
