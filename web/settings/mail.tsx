// The mailbox that LeadLedger itself writes from: said, tried out, forgotten.
import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call, callWithEtag } from "../api/client.ts";
import type { Answer } from "../api/client.ts";
import { ApiProblem } from "../api/problem.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { draftOf } from "../ui/form/draft.ts";
import type { Stored } from "../ui/form/draft.ts";
import { noProblems, problemsByField } from "../ui/form/field-problems.ts";
import { bodyOfNew } from "../ui/form/form-body.ts";
import { FormFields } from "../ui/form/form-fields.tsx";
import { secretsIn } from "../ui/form/shown-secrets.ts";
import { FailureReason } from "../ui/failure-reason.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { TechnicalDetails } from "../ui/technical-details.tsx";
import { Removal } from "./removal.tsx";
import { SettingsPage } from "./settings-page.tsx";

type MailAnswer = Answer<"GET /mail">;

const formWidth = 560;
const key = ["settings", "mail"] as const;

export default function MailSettings() {
  const text = useTexts(texts);
  const mail = useQuery({ queryKey: key, queryFn: () => callWithEtag("GET /mail") });
  return (
    <SettingsPage part="mail">
      <QueryState query={mail}>
        {({ body, etag }) => (
          <>
            <AccountForm key={etag} answer={body} etag={etag} />
            {body.account === null ? null : <Test />}
            {body.account?.managed_by === "api" ? (
              <Removal
                title={text.remove}
                what={text.removeWhat}
                queryKey={key}
                remove={() => call("DELETE /mail")}
              />
            ) : null}
          </>
        )}
      </QueryState>
    </SettingsPage>
  );
}

function AccountForm({ answer, etag }: { readonly answer: MailAnswer; readonly etag: string | null }) {
  const { account, fields } = answer;
  const text = useTexts(texts);
  const queries = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(fields, account === null ? null : { ...account }));
  const saving = useMutation({
    mutationFn: () => callWithEtag("PUT /mail", { body: bodyOfNew(fields, draft), ifMatch: etag }),
    onSuccess: (saved) => queries.setQueryData(key, saved),
  });
  const problems =
    saving.error instanceof ApiProblem
      ? problemsByField(
          saving.error.problems,
          fields.map(({ name }) => name),
        )
      : noProblems;
  if (account?.managed_by === "file")
    return (
      <Card title={text.account}>
        <Text>{text.fromFile(account.from)}</Text>
      </Card>
    );
  return (
    <Card title={text.account}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate();
        }}
      >
        <Stack gap="lg" maw={formWidth}>
          {account === null ? <Alert color="orange">{text.missing}</Alert> : null}
          <FormFields
            {...{ fields, draft, problems }}
            stored={storedOf(answer)}
            isNew={account === null}
            onChange={(name, value) => setDraft({ ...draft, [name]: value })}
          />
          {saving.error === null || Object.keys(problems.byField).length > 0 ? null : (
            <ProblemAlert error={saving.error} />
          )}
          <Group>
            <Button type="submit" loading={saving.isPending}>
              {text.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

/** Of secrets, by which somebody sees that there is one. */
function storedOf({ account, fields }: MailAnswer): Stored {
  return Object.fromEntries(
    fields.flatMap(({ name, shown_as: shownAs }) => {
      const shown = shownAs === undefined ? [] : secretsIn(account?.[shownAs]);
      return shown.length === 0 ? [] : [[name, shown.map(({ fingerprint }) => fingerprint)]];
    }),
  );
}

function Test() {
  const text = useTexts(texts);
  const [to, setTo] = useState("");
  const sending = useMutation({ mutationFn: () => call("POST /mail/test", { body: { to } }) });
  const outcome = sending.data;
  return (
    <Card title={text.test}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          sending.mutate();
        }}
      >
        <Stack maw={formWidth}>
          <TextInput
            label={text.to}
            type="email"
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
          {sending.error === null ? null : <ProblemAlert error={sending.error} />}
          {outcome === undefined ? null : outcome.sent ? (
            <Alert color="teal" role="status">
              {text.sent}
            </Alert>
          ) : (
            <Alert color="red" role="alert" title={text.notSent}>
              {outcome.code === null ? null : <FailureReason code={outcome.code} stored={outcome.message} />}
              {outcome.message === null ? null : <TechnicalDetails stored={outcome.message} />}
            </Alert>
          )}
          <Group>
            <Button type="submit" variant="default" loading={sending.isPending} disabled={to.trim() === ""}>
              {text.send}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

const texts = {
  de: {
    account: "E-Mail-Konto",
    missing: "Noch gibt es keines: LeadLedger sendet selbst keine E-Mails.",
    fromFile: (from: string) =>
      `Es wird von ${from} gesendet. Das steht in leadledger.yaml und wird dort geändert.`,
    save: "Speichern",
    test: "Testmail senden",
    to: "An diese Adresse",
    send: "Senden",
    sent: "Der Mailserver hat die Testmail angenommen. Sehen Sie auch im Spam-Ordner nach.",
    notSent: "Der Mailserver hat die Testmail nicht angenommen",
    remove: "Konto vergessen",
    removeWhat:
      "Danach sendet LeadLedger selbst keine E-Mails mehr. Ziele, die Leads als E-Mail versenden, bleiben, wie sie sind.",
  },
  en: {
    account: "Mail account",
    missing: "There is none yet: LeadLedger sends no mail of its own.",
    fromFile: (from: string) =>
      `Mail comes from ${from}. That stands in leadledger.yaml and is changed there.`,
    save: "Save",
    test: "Send a test mail",
    to: "To this address",
    send: "Send",
    sent: "The mail server took the test mail. Look into the spam folder, too.",
    notSent: "The mail server did not take the test mail",
    remove: "Forget the account",
    removeWhat:
      "After that LeadLedger sends no mail of its own any more. Destinations that send leads by e-mail stay as they are.",
  },
};
