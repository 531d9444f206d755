// One lead: where it stands, with whom, what happened to it, and what was in it. It follows what happens while one looks.
import { Alert, Badge, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "wouter";
import { call } from "../api/client.ts";
import { basePath } from "../api/root.ts";
import { useMay } from "../api/session.ts";
import type { LeadStory } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { Facts } from "../ui/facts.tsx";
import { FailureReason } from "../ui/failure-reason.tsx";
import { LeadState } from "../ui/lead-state.tsx";
import { Page } from "../ui/page.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { Time } from "../ui/time.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Deliveries } from "./deliveries.tsx";
import { ContactMark } from "./contact-mark.tsx";
import { HeldLead } from "./held-lead.tsx";
import { LeadData } from "./lead-data.tsx";
import classes from "./leads.module.css";
import { LeadViewers } from "./lead-viewers.tsx";
import { RelatedLeads } from "./related-leads.tsx";
import { MissingData } from "./missing-data.tsx";
import { Repeats } from "./repeats.tsx";
import { ReplayButton } from "./replay-button.tsx";
import { Timeline } from "./timeline.tsx";
import { useSourceName } from "../ui/source-name.ts";

export default function LeadView() {
  const text = useTexts(texts);
  const { time } = useFormat();
  const { run_id: id } = useParams<{ readonly run_id: string }>();
  const mayWork = useMay("dlq.work");
  const query = useQuery({
    queryKey: ["lead", id],
    queryFn: ({ signal }) => call("GET /runs/:run_id", { params: { run_id: id }, signal }),
  });
  const lead = query.data;
  const actions =
    lead === undefined ? null : (
      <>
        {mayWork && !lead.refused ? <ReplayButton lead={lead} /> : null}
        <CopyButton
          label={text.copyLink}
          value={`${window.location.origin}${basePath}/leads/${lead.run_id}`}
        />
      </>
    );
  return (
    <Page title={lead === undefined ? text.title : text.titleOf(time(lead.received_at))} actions={actions}>
      <QueryState query={query} loadingRows={12}>
        {(story) => <Story key={story.run_id} lead={story} askedFor={id} />}
      </QueryState>
    </Page>
  );
}

function Story({ lead, askedFor }: { readonly lead: LeadStory; readonly askedFor: string }) {
  const text = useTexts(texts);
  const mayRead = useMay("audit.read");
  return (
    <>
      {lead.run_id === askedFor.toLowerCase() ? null : (
        <Alert color="blue" title={text.repeat}>
          {text.repeatWhy}
        </Alert>
      )}
      <ContactMark lead={lead} />
      <MissingData lead={lead} />
      <HeldLead lead={lead} />
      <Repeats lead={lead} />
      <RelatedLeads related={lead.related_runs} withinDays={lead.related_within_days} />
      <div className={classes.grid}>
        <Summary lead={lead} />
        <div className={classes.data}>
          <LeadData lead={lead} />
        </div>
        <Deliveries lead={lead} />
        <Timeline events={lead.timeline} />
        {mayRead ? <LeadViewers runId={lead.run_id} /> : null}
      </div>
    </>
  );
}

function Summary({ lead }: { readonly lead: LeadStory }) {
  const text = useTexts(texts);
  const { after, zoneName } = useFormat();
  const sourceName = useSourceName();
  const { processed_at: processedAt } = lead;
  return (
    <Card title={text.summary}>
      <Facts
        isNarrow
        facts={[
          [text.state, <State key="state" lead={lead} />],
          [text.received(zoneName()), <Time key="received" iso={lead.received_at} isFull />],
          ...(processedAt === null
            ? []
            : [
                [
                  text.processed,
                  <>
                    <Time iso={processedAt} isFull /> (
                    {after(Date.parse(processedAt) - Date.parse(lead.received_at))})
                  </>,
                ] as const,
              ]),
          [text.source, sourceName(lead.source)],
          [text.key, lead.idempotency_key],
          [
            text.id,
            <>
              {lead.run_id} <CopyButton label={text.copyId} value={lead.run_id} isSmall />
            </>,
          ],
        ]}
      />
    </Card>
  );
}

function State({ lead }: { readonly lead: LeadStory }) {
  const text = useTexts(texts);
  const { error_code: code, error_message: message, test } = lead;
  return (
    <>
      <Group gap="xs">
        <span role="status">
          <LeadState lead={lead} />
        </span>
        {test ? <Badge variant="outline">{text.test}</Badge> : null}
      </Group>
      {code === null ? null : <FailureReason code={code} stored={message} />}
    </>
  );
}

const texts = {
  de: {
    title: "Lead",
    titleOf: (at: string) => `Lead vom ${at}`,
    summary: "Wo er steht",
    state: "Stand",
    test: "Testlead",
    received: (zone: string) => `Eingang (${zone})`,
    processed: "Erledigt",
    source: "Quelle",
    key: "Kennung",
    id: "Nummer",
    copyId: "Nummer kopieren",
    copyLink: "Link kopieren",
    repeat: "Sie haben die Nummer einer Wiederholung geöffnet",
    repeatWhy:
      "Der Absender hat diesen Lead mehrmals gesendet. Hier steht der eine Lead, zu dem alle gehören.",
  },
  en: {
    title: "Lead",
    titleOf: (at: string) => `Lead of ${at}`,
    summary: "Where it stands",
    state: "State",
    test: "Test lead",
    received: (zone: string) => `Received (${zone})`,
    processed: "Done",
    source: "Source",
    key: "Key",
    id: "Id",
    copyId: "Copy the id",
    copyLink: "Copy link",
    repeat: "You opened the id of a repeated request",
    repeatWhy: "The sender sent this lead several times. This is the one lead to which all of them belong.",
  },
};
