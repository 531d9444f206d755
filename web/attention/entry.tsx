// One Klärfall: what happened, what it holds, what became of earlier tries, and what can be done.
import { Anchor, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "wouter";
import { get } from "../api/client.ts";
import type { Entry, LeadStory, ShownEntry } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../parts/card.tsx";
import { Page } from "../parts/page.tsx";
import { QueryState } from "../parts/query-state.tsx";
import { Time } from "../parts/time.tsx";
import classes from "./attention.module.css";
import { useHeadline, WhatHappened, WhatToDo } from "./cause.tsx";
import { EntryActions } from "./entry-actions.tsx";
import { EntryContent } from "./entry-content.tsx";
import { useEntry } from "./entry-query.ts";
import { EntryState } from "./entry-state.tsx";

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
        <Facts entry={entry} />
        <EntryActions entry={entry} etag={etag} />
      </Stack>
    </Card>
  );
}

function Facts({ entry }: { readonly entry: Entry }) {
  const text = useTexts(texts);
  const { count } = useFormat();
  const { destination, source, run_id: runId, note, closed_at: closedAt, reopened_from: from } = entry;
  return (
    <dl className={classes.facts}>
      {runId === null ? null : (
        <>
          <dt>{text.lead}</dt>
          <dd>
            <Anchor component={Link} href={`/leads/${runId}`} underline="always">
              {runId}
            </Anchor>
          </dd>
        </>
      )}
      {destination === null ? null : (
        <>
          <dt>{text.destination}</dt>
          <dd>{destination}</dd>
        </>
      )}
      {source === null ? null : (
        <>
          <dt>{text.source}</dt>
          <dd>{source}</dd>
        </>
      )}
      <dt>{text.since}</dt>
      <dd>
        <Time iso={entry.created_at} isFull />
      </dd>
      {destination === null ? null : (
        <>
          <dt>{text.attempts}</dt>
          <dd>{count(entry.retry_count)}</dd>
        </>
      )}
      {entry.next_retry_at === null ? null : (
        <>
          <dt>{text.next}</dt>
          <dd>
            <Time iso={entry.next_retry_at} isFull />
          </dd>
        </>
      )}
      {closedAt === null ? null : (
        <>
          <dt>{text.closed}</dt>
          <dd>
            <Time iso={closedAt} isFull />
          </dd>
        </>
      )}
      {note === null ? null : (
        <>
          <dt>{text.note}</dt>
          <dd>{note}</dd>
        </>
      )}
      {from === null ? null : (
        <>
          <dt>{text.from}</dt>
          <dd>
            <Anchor component={Link} href={`/attention/${from}`} underline="always">
              {text.title(String(from))}
            </Anchor>
          </dd>
        </>
      )}
    </dl>
  );
}

/** The lead's entries, this one among them: each that tries another one again names it. */
function History({ entry, runId }: { readonly entry: Entry; readonly runId: string }) {
  const text = useTexts(texts);
  const lead = useQuery({
    queryKey: ["lead", runId],
    queryFn: () => get<LeadStory>(`/runs/${runId}`),
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
                  <span>{each.destination ?? each.source}</span>
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
