// Reports: one to read and print, and who gets which by mail.
import { Alert, Anchor, Button, Group, SegmentedControl, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { addressOf, callWithEtag } from "../api/client.ts";
import type { Answer } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import { useFormat } from "../language/format.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { DayField } from "../ui/day-field.tsx";
import { FailureReason } from "../ui/failure-reason.tsx";
import { Page } from "../ui/page.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { TechnicalDetails } from "../ui/technical-details.tsx";
import { OrderFields, draftOfOrder, entryOfDraft } from "./order-fields.tsx";

type Orders = Answer<"GET /reports">;
type ReportName = "daily" | "weekly";

const formWidth = 560;
const key = ["settings", "reports"] as const;

export default function ReportsView() {
  const text = useTexts(texts);
  const mayChange = useMay("settings.write");
  return (
    <Page title={text.title} explanation={text.explanation}>
      <OneReport />
      {mayChange ? <ByMail /> : null}
    </Page>
  );
}

function OneReport() {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const [report, setReport] = useState<ReportName>("daily");
  const [day, setDay] = useState("");
  const href = addressOf("GET /reports/:report/page", {
    params: { report },
    query: { language, day: day === "" ? null : day },
  });
  return (
    <Card title={text.read}>
      <Stack maw={formWidth}>
        <SegmentedControl
          aria-label={text.which}
          value={report}
          onChange={(value) => setReport(value === "weekly" ? "weekly" : "daily")}
          data={[
            { value: "daily", label: text.daily },
            { value: "weekly", label: text.weekly },
          ]}
        />
        <DayField label={text.day} description={text.dayWhat} value={day} onChange={setDay} />
        <Group>
          <Button component="a" href={href} target="_blank" rel="noopener">
            {text.open}
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

function ByMail() {
  const orders = useQuery({ queryKey: key, queryFn: () => callWithEtag("GET /reports") });
  return (
    <QueryState query={orders}>
      {({ body, etag }) => (
        <>
          <OrdersForm key={etag} orders={body} etag={etag} />
          {body.mails.length === 0 ? null : <LastMails mails={body.mails} />}
        </>
      )}
    </QueryState>
  );
}

function OrdersForm({ orders, etag }: { readonly orders: Orders; readonly etag: string | null }) {
  const text = useTexts(texts);
  const queries = useQueryClient();
  const [daily, setDaily] = useState(() => draftOfOrder(orders.daily, null));
  const [weekly, setWeekly] = useState(() => draftOfOrder(orders.weekly, orders.weekly?.on ?? "monday"));
  const saving = useMutation({
    mutationFn: () => {
      const wanted = { daily: entryOfDraft(daily), weekly: entryOfDraft(weekly) };
      return callWithEtag("PUT /reports", { body: wanted, ifMatch: etag });
    },
    onSuccess: (saved) => queries.setQueryData(key, saved),
  });
  const isFromFile = orders.managed_by === "file";
  return (
    <Card title={text.byMail}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate();
        }}
      >
        <Stack maw={formWidth}>
          {orders.has_mail_account ? null : (
            <Alert color="orange">
              {text.noAccount}{" "}
              <Anchor component={Link} href="/settings/mail" underline="always">
                {text.toAccount}
              </Anchor>
            </Alert>
          )}
          {isFromFile ? <Text size="sm">{text.fromFile}</Text> : null}
          <OrderFields legend={text.daily} draft={daily} isReadOnly={isFromFile} onChange={setDaily} />
          <OrderFields legend={text.weekly} draft={weekly} isReadOnly={isFromFile} onChange={setWeekly} />
          {saving.error === null ? null : <ProblemAlert error={saving.error} />}
          {isFromFile ? null : (
            <Group>
              <Button type="submit" loading={saving.isPending}>
                {text.save}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Card>
  );
}

function LastMails({ mails }: Pick<Orders, "mails">) {
  const text = useTexts(texts);
  const { shortTime, shortDay } = useFormat();
  return (
    <Card title={text.last}>
      <Table.ScrollContainer minWidth={420}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{text.report}</Table.Th>
              <Table.Th>{text.recipient}</Table.Th>
              <Table.Th>{text.state}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {mails.map((mail) => (
              <Table.Tr key={`${mail.report} ${mail.day} ${mail.client} ${mail.recipient}`}>
                <Table.Td>
                  {mail.report === "daily" ? text.daily : text.weekly}, {shortDay(mail.day)}
                </Table.Td>
                <Table.Td>{mail.recipient}</Table.Td>
                <Table.Td>
                  {text.states[mail.state](shortTime(mail.ended_at ?? mail.next_attempt_at))}
                  {mail.error_code === null ? null : (
                    <div>
                      <FailureReason code={mail.error_code} stored={mail.error_message} />
                    </div>
                  )}
                  {mail.error_message === null ? null : <TechnicalDetails stored={mail.error_message} />}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}

const texts = {
  de: {
    title: "Berichte",
    explanation: "Die Zahlen eines Tages oder einer Woche neben denen der Vorwoche.",
    read: "Ansehen und drucken",
    which: "Welcher Bericht",
    daily: "Tagesbericht",
    weekly: "Wochenbericht",
    day: "Letzter Tag des Berichts",
    dayWhat: "Leer: gestern.",
    open: "Bericht öffnen",
    byMail: "Als E-Mail",
    noAccount: "Es gibt noch kein E-Mail-Konto, von dem gesendet werden könnte.",
    toAccount: "E-Mail-Konto einrichten",
    fromFile: "Wer Berichte bekommt, steht in leadledger.yaml und wird dort geändert.",
    save: "Speichern",
    last: "Zuletzt gesendet",
    report: "Bericht",
    recipient: "Empfänger",
    state: "Stand",
    states: {
      sent: (time: string) => `gesendet ${time}`,
      waiting: (time: string) => `wird gesendet, nächster Versuch ${time}`,
      given_up: (time: string) => `nicht gesendet, aufgegeben ${time}`,
    },
  },
  en: {
    title: "Reports",
    explanation: "The figures of a day or of a week beside those of the week before.",
    read: "Read and print",
    which: "Which report",
    daily: "Daily report",
    weekly: "Weekly report",
    day: "Last day of the report",
    dayWhat: "Empty: yesterday.",
    open: "Open the report",
    byMail: "By mail",
    noAccount: "There is no mail account yet to send from.",
    toAccount: "Set up the mail account",
    fromFile: "Who gets reports stands in leadledger.yaml and is changed there.",
    save: "Save",
    last: "Sent lately",
    report: "Report",
    recipient: "Recipient",
    state: "State",
    states: {
      sent: (time: string) => `sent ${time}`,
      waiting: (time: string) => `being sent, next attempt ${time}`,
      given_up: (time: string) => `not sent, given up ${time}`,
    },
  },
};
