// One case: what happened, what it holds, what became of earlier tries, and what can be done.
import { Anchor, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useParams } from "wouter";
import { call } from "../api/client.ts";
import type { Entry, ShownEntry } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { Facts } from "../ui/facts.tsx";
import { Page } from "../ui/page.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { Time } from "../ui/time.tsx";
import classes from "./attention.module.css";
import { useHeadline, WhatHappened, WhatToDo } from "./cause.tsx";
import { EntryActions } from "./entry-actions.tsx";
import { EntryContent } from "./entry-content.tsx";
import { useEntry } from "./entry-query.ts";
import { EntryState } from "./entry-state.tsx";
import { useSourceName } from "../ui/source-name.ts";

export default function EntryView() {
  const text = useTexts(texts);
  const { dlq_id: id = "" } = useParams();
  const entry = useEntry(id);
  return (
    <Page
      title={text.title(id)}
      actions={
        <Anchor component={Link} href="/attention">
          {text.all}
        </Anchor>
      }
    >
      <QueryState query={entry} loadingRows={10}>
        {({ body, etag }) => (
          <Stack>
            <Happened entry={body} etag={etag} />
            <EntryContent key={body.dlq_id} entry={body} />
            {body.run_id === null ? null : <History entry={body} runId={body.run_id} />}
          </Stack>
        )}
      </QueryState>
    </Page>
  );
}

interface HappenedProps {
  readonly entry: ShownEntry;
  readonly etag: string | null;
}

function Happened({ entry, etag }: HappenedProps) {
  const text = useTexts(texts);
  const headline = useHeadline()(entry, 1);
  const isOpen = entry.status === "open" || entry.status === "retrying";
  return (
    <Card title={isOpen ? headline : text.whatHappened}>
      <Stack>
        <div role="status">
          <EntryState entry={entry} />
        </div>
        <WhatHappened code={entry.error_code} reason={entry.reason} />
        {isOpen ? (
          <WhatToDo
            cause={entry}
            heals={entry.next_retry_at !== null}
            needsDecision={entry.status === "open" && entry.next_retry_at === null}
          />
        ) : null}
        <EntryFacts entry={entry} />
        <EntryActions entry={entry} etag={etag} />
      </Stack>
    </Card>
  );
}

function EntryFacts({ entry }: { readonly entry: Entry }) {
  const text = useTexts(texts);
  const { count } = useFormat();
  const sourceName = useSourceName();
  const { destination, source, run_id: runId, note, closed_at: closedAt, reopened_from: from } = entry;
  const facts: readonly (readonly [string, ReactNode] | null)[] = [
    runId === null ? null : [text.lead, <To key="lead" href={`/leads/${runId}`} name={runId} />],
    destination === null ? null : [text.destination, destination],
    source === null ? null : [text.source, sourceName(source)],
    [text.since, <Time key="since" iso={entry.created_at} isFull />],
    destination === null ? null : [text.attempts, count(entry.retry_count)],
    entry.next_retry_at === null ? null : [text.next, <Time key="next" iso={entry.next_retry_at} isFull />],
    closedAt === null ? null : [text.closed, <Time key="closed" iso={closedAt} isFull />],
    note === null ? null : [text.note, note],
    from === null
      ? null
      : [text.from, <To key="from" href={`/attention/${from}`} name={text.title(String(from))} />],
  ];
  return <Facts facts={facts.filter((fact) => fact !== null)} />;
}

function To({ href, name }: { readonly href: string; readonly name: string }) {
  return (
    <Anchor component={Link} href={href} underline="always">
      {name}
    </Anchor>
  );
}

/** The lead's entries, this one among them: each that tries another one again names it. */
function History({ entry, runId }: { readonly entry: Entry; readonly runId: string }) {
  const text = useTexts(texts);
  const sourceName = useSourceName();
  const lead = useQuery({
    queryKey: ["lead", runId],
    queryFn: () => call("GET /runs/:run_id", { params: { run_id: runId } }),
  });
  return (
    <Card title={text.history}>
      <QueryState query={lead} loadingRows={2}>
        {({ dlq }) => (
          <Stack gap="sm">
            <ol className={classes.chain}>
              {dlq.map((each) => (
                <li key={each.dlq_id}>
                  <Time iso={each.created_at} />
                  {each.dlq_id === entry.dlq_id ? (
                    <Text fw={650} component="span">
                      {text.thisOne(each.dlq_id)}
                    </Text>
                  ) : (
                    <Anchor component={Link} href={`/attention/${each.dlq_id}`} underline="always">
                      {text.title(String(each.dlq_id))}
                    </Anchor>
                  )}
                  <span>{each.destination ?? (each.source === null ? null : sourceName(each.source))}</span>
                  <EntryState entry={each} />
                  {each.reopened_from === null ? null : <span>{text.again(each.reopened_from)}</span>}
                </li>
              ))}
            </ol>
            <Anchor component={Link} href={`/leads/${runId}`} underline="always">
              {text.wholeStory}
            </Anchor>
          </Stack>
        )}
      </QueryState>
    </Card>
  );
}

const texts = {
  de: {
    title: (id: string) => `Klärfall ${id}`,
    thisOne: (id: number) => `Klärfall ${id} (dieser)`,
    all: "Alle Klärfälle",
    whatHappened: "Was geschehen ist",
    lead: "Lead",
    destination: "Ziel",
    source: "Quelle",
    since: "Seit",
    attempts: "Weitere Versuche bisher",
    next: "Nächster Versuch",
    closed: "Abgeschlossen",
    note: "Notiz",
    from: "Versucht erneut",
    history: "Alle Klärfälle dieses Leads",
    again: (id: number) => `versucht Klärfall ${id} erneut`,
    wholeStory: "Den ganzen Verlauf des Leads ansehen",
  },
  en: {
    title: (id: string) => `Case ${id}`,
    thisOne: (id: number) => `Case ${id} (this one)`,
    all: "Everything that needs attention",
    whatHappened: "What happened",
    lead: "Lead",
    destination: "Destination",
    source: "Source",
    since: "Since",
    attempts: "Further attempts so far",
    next: "Next attempt",
    closed: "Closed",
    note: "Note",
    from: "Tries again",
    history: "All cases of this lead",
    again: (id: number) => `tries case ${id} again`,
    wholeStory: "See the lead's whole story",
  },
};
