// One source: how it is doing, how to send leads to it, and how they arrive.
import { Anchor, Button, Stack, Text } from "@mantine/core";
import { IconListDetails } from "@tabler/icons-react";
import { Link, useParams } from "wouter";
import { namesIn } from "../../src/domain/leads/distribution.ts";
import { useMay } from "../api/session.ts";
import type { Source, SourceActivity } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { FreshNotice } from "../sources-and-destinations/fresh-notice.tsx";
import classes from "../sources-and-destinations/managed-parts.module.css";
import { PartActions } from "../sources-and-destinations/part-actions.tsx";
import { pathOf } from "../sources-and-destinations/part-kind.ts";
import { NoticedAfter } from "./noticed-after.tsx";
import { PartNotes } from "../sources-and-destinations/part-notes.tsx";
import { useActivity, useForms, usePart } from "../sources-and-destinations/part-queries.ts";
import { SettingsList } from "../sources-and-destinations/settings-list.tsx";
import { TestLead } from "../sources-and-destinations/test-lead.tsx";
import { Card } from "../ui/card.tsx";
import { Facts } from "../ui/facts.tsx";
import { Page } from "../ui/page.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { Time } from "../ui/time.tsx";
import { NewestLead } from "./newest-lead.tsx";
import { RefusedRequests } from "./refused-requests.tsx";
import { QuarantineNotice } from "../attention/quarantine-notice.tsx";
import { SetUpGuide } from "./set-up-guide.tsx";
import { SampleCode } from "./sample-code.tsx";
import { SenderNotices } from "./sender-notices.tsx";
import { SourceHealth } from "./source-health.tsx";
import { storedOf } from "./stored-source.ts";
import { VendorCheck } from "./vendor-check.tsx";

export default function SourceView() {
  const text = useTexts(texts);
  const { name = "" } = useParams();
  const part = usePart("sources", name);
  const mayChange = useMay("configuration.write");
  const { body: source, etag = null } = part.data ?? {};
  const isOurs = source?.managed_by === "api" && source.enabled && mayChange;
  return (
    <Page
      title={source?.label ?? name}
      actions={
        source?.enabled === true && mayChange ? (
          <>
            <Button
              component={Link}
              href={`${pathOf("sources", name)}/fields`}
              variant="default"
              leftSection={<IconListDetails size={17} aria-hidden />}
            >
              {text.fields}
            </Button>
            {isOurs ? (
              <PartActions
                kind="sources"
                part={source}
                etag={etag}
                hasSecret={source.auth.secrets.length > 0}
              />
            ) : null}
          </>
        ) : undefined
      }
    >
      <QueryState query={part} loadingRows={10}>
        {({ body }) => <SourceStory source={body} />}
      </QueryState>
    </Page>
  );
}

function SourceStory({ source }: { readonly source: Source }) {
  const { name, enabled } = source;
  const text = useTexts(texts);
  const activity = useActivity(name).data?.sources.find((each) => each.source === name);
  const forms = useForms();
  const setUps = forms.data?.sources.tiles.flatMap((tile) => tile.set_ups) ?? [];
  const isAsked = setUps.some((each) => each.kind === source.auth.kind && each.has_check);
  const to = namesIn(source.to);
  return (
    <Stack gap="lg">
      <PartNotes kind="sources" part={source} />
      <FreshNotice kind="sources" name={name} />
      <div className={classes.columns}>
        <Stack gap="lg" className={classes.first}>
          {enabled ? <SetUpGuide source={source} isNew={activity?.last_received_at == null} /> : null}
          {enabled && isAsked ? <VendorCheck name={name} /> : null}
          {enabled ? <SampleCode name={name} /> : null}
        </Stack>
        <Stack gap="lg" className={classes.side}>
          <Figures source={source} activity={activity} />
          {enabled ? (
            <TestLead kind="sources" name={name} trace={to === null ? text.testToAll : text.testTo(to)}>
              <NewestLead source={name} />
            </TestLead>
          ) : null}
          <RefusedRequests activity={activity} />
          <QuarantineNotice source={source.name} />
          <SenderNotices activity={activity} />
        </Stack>
        <div className={classes.last}>
          <QueryState query={forms} loadingRows={8}>
            {({ sources: { fields } }) => (
              <SettingsList fields={fields} part={source} stored={storedOf(source)} />
            )}
          </QueryState>
        </div>
      </div>
    </Stack>
  );
}

interface FiguresProps {
  readonly source: Source;
  readonly activity: SourceActivity | undefined;
}

function Figures({ source, activity }: FiguresProps) {
  const text = useTexts(texts);
  const { count, percent } = useFormat();
  const {
    last_received_at: last = null,
    received_today: received = 0,
    failed_today: failed = 0,
  } = activity ?? {};
  return (
    <Card title={text.state}>
      <Stack gap="sm">
        <SourceHealth source={source} />
        {source.enabled ? <NoticedAfter source={source} /> : null}
        {activity === undefined ? null : (
          <Facts
            facts={[
              [text.lastLead, last === null ? text.never : <Time key="last" iso={last} />],
              [text.today, count(received)],
              [
                text.failed,
                received === 0 ? count(failed) : `${count(failed)} (${percent(failed / received)})`,
              ],
            ]}
          />
        )}
        {source.paused && source.enabled ? (
          <Text size="sm">{source.paused === "refuse" ? text.refusingWhy : text.pausedWhy}</Text>
        ) : null}
        <Anchor component={Link} href={`/leads?source=${encodeURIComponent(source.name)}`} underline="always">
          {text.leads}
        </Anchor>
      </Stack>
    </Card>
  );
}

const texts = {
  de: {
    fields: "Felder zuordnen",
    state: "Zustand",
    testToAll:
      "Er geht an jedes Ziel, an das diese Quelle sendet; was er dort hinterlässt, steht bei den Zielen.",
    testTo: (names: readonly string[]) =>
      names.length === 0
        ? "Er geht an niemanden."
        : `Er geht an jedes dieser Ziele: ${names.join(", ")}. Was er dort hinterlässt, steht bei den Zielen.`,
    lastLead: "Letzter Lead",
    never: "noch keiner",
    today: "Leads heute",
    failed: "Davon fehlgeschlagen",
    pausedWhy:
      "Leads werden angenommen und zurückgehalten. Sobald Sie die Quelle fortsetzen, werden sie zugestellt.",
    refusingWhy:
      "Absender bekommen eine Fehlermeldung (refuse). Wer es später nicht noch einmal versucht, verliert seinen Lead.",
    leads: "Alle Leads dieser Quelle",
  },
  en: {
    testToAll:
      "It goes to every destination that this source sends to; what it leaves behind there stands on their pages.",
    testTo: (names: readonly string[]) =>
      names.length === 0
        ? "It goes to nobody."
        : `It goes to each of: ${names.join(", ")}. What it leaves behind there stands on their pages.`,
    fields: "Map the fields",
    state: "State",
    lastLead: "Last lead",
    never: "none yet",
    today: "Leads today",
    failed: "Of these failed",
    pausedWhy: "Leads are taken and held. As soon as you resume the source, they are delivered.",
    refusingWhy: "Senders get an error (refuse). Whoever does not try again later loses the lead.",
    leads: "All leads of this source",
  },
};
