// Where a lead stands with each destination, with every attempt and what can be done now; and its other cases.
import { Anchor, Group, Stack, Text } from "@mantine/core";
import { Link } from "wouter";
import { useMay } from "../api/session.ts";
import { heldState, ofKnown } from "../../src/domain/attention/state-words.ts";
import type { EntryWithPayload, LeadStory } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { FailureReason } from "../ui/failure-reason.tsx";
import { State } from "../ui/state.tsx";
import { useStateWords } from "../ui/state-words.ts";
import { AttemptItem } from "./attempt-item.tsx";
import { standingsOf } from "./delivery-standing.ts";
import { ReceiptLines } from "./receipt-lines.tsx";
import type { DestinationStanding } from "./delivery-standing.ts";
import classes from "./leads.module.css";
import { RetryButton } from "./retry-button.tsx";

export function Deliveries({ lead }: { readonly lead: LeadStory }) {
  const text = useTexts(texts);
  const standings = standingsOf(lead);
  const others = lead.dlq.filter(({ destination }) => destination === null);
  return (
    <Card title={text.title}>
      {standings.length === 0 && others.length === 0 ? <Text size="sm">{text.nowhere}</Text> : null}
      {standings.map((standing) => (
        <DestinationPart key={standing.destination} standing={standing} runId={lead.run_id} />
      ))}
      {others.map((entry) => (
        <div key={entry.dlq_id} className={classes.destination}>
          <EntryLine entry={entry} />
        </div>
      ))}
    </Card>
  );
}

interface DestinationPartProps {
  readonly standing: DestinationStanding;
  readonly runId: string;
}

function DestinationPart({ standing, runId }: DestinationPartProps) {
  const text = useTexts(texts);
  const { destination, entry, attempts } = standing;
  return (
    <div className={classes.destination}>
      <Stack gap={4}>
        <Text fw={600} component="h3" size="md">
          {destination}
        </Text>
        <StandingState standing={standing} />
        {standing.receipt === null ? null : <ReceiptLines receipt={standing.receipt} />}
        {entry === null ? null : <EntryActions entry={entry} />}
      </Stack>
      {attempts.length === 0 ? null : (
        <ol className={classes.attempts} aria-label={text.attempts(destination)}>
          {attempts.map((attempt, index) => (
            <AttemptItem
              key={attempt.event.event_id}
              attempt={attempt}
              number={index + 1}
              requestId={`${runId}:${destination}`}
            />
          ))}
        </ol>
      )}
    </div>
  );
}

function StandingState({
  standing: { waiting, entry, attempts, skippedAt },
}: {
  readonly standing: DestinationStanding;
}) {
  const words = useStateWords();
  const { shortTime } = useFormat();
  const last = attempts.at(-1);
  if (waiting !== null) {
    if (waiting.due_at === null) return <State tone="waiting">{words(heldState(waiting.held_reason))}</State>;
    // While an attempt is under way, the newest that has ended is the one before it.
    const isBetween = last?.isDelivered === false && last.number === waiting.attempt;
    return isBetween ? (
      <State tone="healing">{words("retrying", waiting.due_at)}</State>
    ) : (
      <State tone="waiting">{words("accepted")}</State>
    );
  }
  if (entry === null || entry.status === "resolved") {
    if (skippedAt !== null)
      return <State tone="quiet">{`${words("skipped")} ${shortTime(skippedAt)}`}</State>;
    if (last?.isDelivered === true) {
      const at = shortTime(last.event.event_time);
      return <State tone="good">{`${words("delivered")} ${at}`}</State>;
    }
    return entry === null ? null : (
      <State tone="byHand">
        {words(entry.resolution === "withdrawn" ? "withdrawn" : "resolved_by_hand")}
      </State>
    );
  }
  switch (entry.status) {
    case "retrying":
      return <State tone="healing">{words("being_tried")}</State>;
    case "dead":
      return <State tone="bad">{words("given_up")}</State>;
    case "open":
      return entry.next_retry_at === null ? (
        <State tone="bad">{words("needs_decision")}</State>
      ) : (
        <State tone="healing">{words("retrying", entry.next_retry_at)}</State>
      );
    default:
      return <State tone="quiet">{entry.status}</State>;
  }
}

function EntryActions({ entry }: { readonly entry: EntryWithPayload }) {
  const text = useTexts(texts);
  const mayRetry = useMay("dlq.retry");
  const mayWork = useMay("dlq.work");
  const isOver = entry.status === "resolved";
  return (
    <Group gap="md" mt={4}>
      {mayRetry && !isOver && entry.kind !== "conflict" ? <RetryButton entry={entry} /> : null}
      <Anchor component={Link} href={`/attention/${entry.dlq_id}`} size="sm" underline="always" lh="24px">
        {mayWork && !isOver ? text.edit(entry.dlq_id) : text.entry(entry.dlq_id)}
      </Anchor>
    </Group>
  );
}

/** Of a payload that was refused, of a key that came twice, or made by hand: nothing is sent from it. */
function EntryLine({ entry }: { readonly entry: EntryWithPayload }) {
  const text = useTexts(texts);
  const words = useStateWords();
  const isOpen = entry.status === "open" || entry.status === "retrying";
  return (
    <Stack gap={2}>
      <State tone={isOpen ? "bad" : "quiet"}>
        {entry.kind === "refused" || entry.kind === "conflict"
          ? words(entry.kind)
          : ofKnown<string>(text.kinds, entry.kind, entry.kind)}
        {isOpen ? null : ` (${text.over})`}
      </State>
      {entry.error_code === null ? null : <FailureReason code={entry.error_code} stored={entry.reason} />}
      <Anchor component={Link} href={`/attention/${entry.dlq_id}`} size="sm" underline="always" lh="24px">
        {text.entry(entry.dlq_id)}
      </Anchor>
    </Stack>
  );
}

const texts = {
  de: {
    title: "Zustellung",
    nowhere: "Dieser Lead geht an kein Ziel.",
    attempts: (destination: string) => `Versuche an ${destination}`,
    entry: (id: number) => `Klärfall ${id} ansehen`,
    edit: (id: number) => `Klärfall ${id} bearbeiten`,
    over: "erledigt",
    kinds: {
      delivery: "Zustellung gescheitert",
      replay: "Nochmalige Zustellung gescheitert",
      manual: "Von Hand angelegter Klärfall",
    },
  },
  en: {
    title: "Delivery",
    nowhere: "This lead goes to no destination.",
    attempts: (destination: string) => `Attempts at ${destination}`,
    entry: (id: number) => `Look at case ${id}`,
    edit: (id: number) => `Work on case ${id}`,
    over: "settled",
    kinds: {
      delivery: "Delivery failed",
      replay: "Another delivery failed",
      manual: "Case made by hand",
    },
  },
};
