// One bulk action: how far it is, and how it ended. It goes on without anybody looking.
import { Anchor, List, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useParams } from "wouter";
import { call } from "../api/client.ts";
import { useErrorTexts } from "../ui/error-texts.ts";
import { useMay } from "../api/session.ts";
import { ofKnown } from "../../src/domain/attention/state-words.ts";
import type { Operation } from "../api/types.ts";
import { actorName } from "../language/actor-name.ts";
import { useFormat } from "../language/format.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { Facts } from "../ui/facts.tsx";
import { Page } from "../ui/page.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { TechnicalDetails } from "../ui/technical-details.tsx";
import { Time } from "../ui/time.tsx";
import { entriesPath } from "./entry-filter.ts";
import { OperationProgress, pollMs } from "./operation-progress.tsx";
import { actionName, isAtWork, operationTexts } from "./operation-words.ts";

export default function OperationView() {
  const text = useTexts(texts);
  const words = useTexts(operationTexts);
  const { operation_id: id = "" } = useParams();
  const operation = useQuery({
    queryKey: ["operations", id],
    queryFn: () => call("GET /operations/:operation_id", { params: { operation_id: id } }),
    refetchInterval: ({ state }) => (state.data !== undefined && isAtWork(state.data) ? pollMs : false),
  });
  return (
    <Page
      title={operation.data === undefined ? text.title : actionName(words, operation.data.action)}
      {...(operation.data === undefined || isAtWork(operation.data) ? { explanation: text.explanation } : {})}
      actions={
        <>
          <Anchor component={Link} href="/attention">
            {text.attention}
          </Anchor>
          <Anchor component={Link} href="/attention/operations">
            {text.all}
          </Anchor>
        </>
      }
    >
      <QueryState query={operation}>
        {(known) => (
          <Stack>
            <Card title={text.progress}>
              <OperationProgress operation={known} />
            </Card>
            <Result operation={known} />
            <Card title={text.order}>
              <OrderFacts operation={known} />
            </Card>
          </Stack>
        )}
      </QueryState>
    </Page>
  );
}

type Counted = (count: number, number: string) => string;

function Result({ operation }: { readonly operation: Operation }) {
  const text = useTexts(texts);
  const { count } = useFormat();
  const { action, status, done, skipped, failed, error } = operation;
  const doneText = ofKnown<Counted>(text.done, action, (_count, number) => `${action}: ${number}`);
  const isOver = status === "done" || status === "cancelled" || status === "failed";
  return (
    <Card title={isOver ? text.result : text.soFar}>
      <Stack gap="sm">
        <div role="status">
          <List>
            <List.Item>{doneText(done, count(done))}</List.Item>
            {skipped === 0 ? null : <List.Item>{text.skipped(skipped, count(skipped))}</List.Item>}
            {failed === 0 ? null : <List.Item>{text.failed(failed, count(failed))}</List.Item>}
          </List>
        </div>
        {error === null ? null : <TechnicalDetails stored={error} />}
        <Obstacles obstacles={operation.obstacles} />
        {isOver ? <Remaining operation={operation} /> : null}
      </Stack>
    </Card>
  );
}

function Obstacles({ obstacles }: Pick<Operation, "obstacles">) {
  const text = useTexts(texts);
  const { count } = useFormat();
  const explain = useErrorTexts();
  const met = Object.entries(obstacles).toSorted(([, one], [, other]) => other - one);
  if (met.length === 0) return null;
  return (
    <Table withTableBorder>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{text.why}</Table.Th>
          <Table.Th scope="col" ta="end">
            {text.howMany}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {met.map(([code, times]) => (
          <Table.Tr key={code}>
            <Table.Td>
              <Anchor component={Link} href={`/errors/${code}`} underline="always">
                {explain(code)?.title ?? code}
              </Anchor>
            </Table.Td>
            <Table.Td ta="end">{count(times)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** What it was about and is open still: retried in vain, skipped, or not reached. */
function Remaining({ operation }: { readonly operation: Operation }) {
  const text = useTexts(texts);
  const { count } = useFormat();
  const mayWork = useMay("dlq.work");
  const { action, filter } = operation;
  // What was closed is tried again by an entry of its own, and stays closed.
  const isOfClosed = [filter?.["status"]].flat().some((status) => status === "dead" || status === "resolved");
  const path = filter === null || action === "runs.replay" || isOfClosed ? null : entriesPath(filter);
  const left = useQuery({
    queryKey: ["entries", "preview", action, filter],
    queryFn: () => call("POST /operations/preview", { body: { action, filter: filter ?? {} } }),
    enabled: mayWork && path !== null,
    staleTime: 0,
  });
  if (path === null) return null;
  if (left.data?.total === 0) return <Text>{text.nothingLeft}</Text>;
  return (
    <Anchor component={Link} href={path} underline="always">
      {left.data === undefined ? text.left : text.leftCount(left.data.total, count(left.data.total))}
    </Anchor>
  );
}

function OrderFacts({ operation }: { readonly operation: Operation }) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const { count } = useFormat();
  const { actor, reason, created_at: created, finished_at: finished, rate_per_second: rate } = operation;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [text.reason, reason],
    [text.actor, actorName(actor, language, operation.actor_name)],
    [text.created, <Time key="created" iso={created} isFull />],
    ...(finished === null ? [] : [[text.finished, <Time key="finished" iso={finished} isFull />] as const]),
    ...(rate === null ? [] : [[text.rate, text.perSecond(count(rate))] as const]),
  ];
  return <Facts facts={facts} />;
}

const texts = {
  de: {
    title: "Sammelaktion",
    explanation:
      "Sie läuft im Hintergrund weiter, auch wenn Sie diese Seite schließen oder LeadLedger neu startet.",
    attention: "Klärfälle",
    all: "Alle Sammelaktionen",
    progress: "Stand",
    result: "Ergebnis",
    soFar: "Bisher",
    order: "Auftrag",
    reason: "Begründung",
    actor: "Beauftragt von",
    created: "Beauftragt",
    finished: "Beendet",
    rate: "Tempo",
    perSecond: (rate: string) => `höchstens ${rate} je Sekunde`,
    why: "Warum nicht",
    howMany: "Anzahl",
    done: {
      "dlq.retry": (done: number, number: string) =>
        done === 0
          ? "Keiner wurde zur Zustellung gegeben."
          : done === 1
            ? "1 wurde zur Zustellung gegeben."
            : `${number} wurden zur Zustellung gegeben.`,
      "dlq.resolve": (done: number, number: string) =>
        done === 0
          ? "Keiner ist dadurch erledigt."
          : done === 1
            ? "1 ist erledigt."
            : `${number} sind erledigt.`,
      "dlq.dead": (done: number, number: string) =>
        done === 0
          ? "Keiner ist abgeschlossen."
          : done === 1
            ? "1 wird nicht mehr zugestellt."
            : `${number} werden nicht mehr zugestellt.`,
      "dlq.take_in": (done: number, number: string) =>
        done === 1 ? "1 ist jetzt ein eigener Lead." : `${number} sind jetzt eigene Leads.`,
      "dlq.deliver_change": (done: number, number: string) =>
        done === 1
          ? "1 gilt jetzt als neuester Stand seines Leads."
          : `${number} gelten jetzt als neuester Stand ihrer Leads.`,
      "runs.replay": (done: number, number: string) =>
        done === 1
          ? "1 wurde noch einmal zur Zustellung gegeben."
          : `${number} wurden noch einmal zur Zustellung gegeben.`,
    },
    skipped: (skipped: number, number: string) =>
      skipped === 1 ? "1 wurde übersprungen." : `${number} wurden übersprungen.`,
    failed: (failed: number, number: string) =>
      `${number} hat die Datenbank abgelehnt.${failed === 0 ? "" : " Das Protokoll des Servers sagt, warum."}`,
    left: "Zeigen, was davon noch offen ist",
    leftCount: (total: number, number: string) =>
      total === 1 ? "1 davon ist noch offen: zeigen" : `${number} davon sind noch offen: zeigen`,
    nothingLeft: "Nichts davon ist noch offen.",
  },
  en: {
    title: "Bulk action",
    explanation: "It goes on in the background, also when you close this page or LeadLedger restarts.",
    attention: "Needs attention",
    all: "All bulk actions",
    progress: "Progress",
    result: "Result",
    soFar: "So far",
    order: "Order",
    reason: "Reason",
    actor: "Ordered by",
    created: "Ordered",
    finished: "Ended",
    rate: "Speed",
    perSecond: (rate: string) => `at most ${rate} a second`,
    why: "Why not",
    howMany: "How many",
    done: {
      "dlq.retry": (done: number, number: string) =>
        done === 0
          ? "None was handed over to delivery."
          : done === 1
            ? "1 was handed over to delivery."
            : `${number} were handed over to delivery.`,
      "dlq.resolve": (done: number, number: string) =>
        done === 0 ? "None is settled." : done === 1 ? "1 is settled." : `${number} are settled.`,
      "dlq.dead": (done: number, number: string) =>
        done === 0 ? "None is given up." : done === 1 ? "1 is given up." : `${number} are given up.`,
      "dlq.take_in": (done: number, number: string) =>
        done === 1 ? "1 is a lead of its own now." : `${number} are leads of their own now.`,
      "dlq.deliver_change": (done: number, number: string) =>
        done === 1
          ? "1 is the newest state of its lead now."
          : `${number} are the newest state of their leads now.`,
      "runs.replay": (done: number, number: string) =>
        done === 1 ? "1 was handed over once more." : `${number} were handed over once more.`,
    },
    skipped: (skipped: number, number: string) =>
      skipped === 1 ? "1 was skipped." : `${number} were skipped.`,
    failed: (failed: number, number: string) =>
      `${number} were refused by the database.${failed === 0 ? "" : " The server's log says why."}`,
    left: "Show what of it is still open",
    leftCount: (total: number, number: string) =>
      total === 1 ? "1 of them is still open: show" : `${number} of them are still open: show`,
    nothingLeft: "Nothing of it is open any more.",
  },
};
