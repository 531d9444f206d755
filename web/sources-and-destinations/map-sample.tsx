// Which lead the editor of a map tries its rules on: one of the newest, or what somebody pastes.
import { Alert, Button, Group, NativeSelect, Stack, Text, Textarea } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconEye } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { parseExactly, writeExactly } from "../../src/domain/values/exact-json.ts";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import type { Lead, MapPreview } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { Details } from "../ui/details.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";

/** `shown`: a stored lead in full, which has been recorded once, and is tried like one that was pasted. */
export type Sample =
  | { readonly kind: "newest" }
  | { readonly kind: "stored"; readonly runId: string }
  | { readonly kind: "shown"; readonly runId: string; readonly json: string }
  | { readonly kind: "pasted"; readonly json: string };

interface MapSampleProps {
  /** Whose leads are offered; absent: those of all sources. */
  readonly source?: string;
  readonly sample: Sample;
  /** What was tried: `body` is what rules look into. null: nothing yet. */
  readonly preview: Pick<MapPreview, "run_id" | "body"> | null;
  /** What that is called; absent: as it was sent. */
  readonly bodyTitle?: string;
  readonly onChange: (sample: Sample) => void;
}

export function MapSample({ source, sample, preview, bodyTitle, onChange }: MapSampleProps) {
  const text = useTexts(texts);
  const mayReveal = useMay("persons.read");
  const { shortTime } = useFormat();
  const isNarrow = useMediaQuery("(max-width: 74.99em)", undefined, { getInitialValueInEffect: false });
  const leads = useQuery({
    queryKey: ["leads", "to-try", source ?? null],
    queryFn: ({ signal }) =>
      call("GET /runs", {
        query: { ...(source === undefined ? {} : { source }), limit: offeredMax, names: false },
        signal,
      }),
  });
  const reveal = useMutation({
    mutationFn: (runId: string) =>
      call("GET /runs/:run_id", { params: { run_id: runId }, query: { reveal: true } }),
    onSuccess: ({ run_id: runId, body }) => onChange({ kind: "shown", runId, json: writeExactly(body) }),
  });
  const stored =
    sample.kind === "stored" || sample.kind === "shown" ? sample.runId : (preview?.run_id ?? null);
  const offered = leads.data?.items ?? [];
  return (
    <Card title={text.title}>
      <Stack gap="sm">
        <NativeSelect
          label={text.which}
          value={sample.kind === "pasted" ? pasted : sample.kind === "newest" ? newest : sample.runId}
          data={[
            { value: newest, label: offered.length === 0 ? text.none : text.newest },
            ...offered.map((lead) => ({ value: lead.run_id, label: titleOf(lead, shortTime) })),
            { value: pasted, label: text.paste },
          ]}
          onChange={(event) => onChange(sampleOf(event.currentTarget.value))}
        />
        {sample.kind === "pasted" ? (
          <Textarea
            label={text.json}
            description={text.jsonHelp}
            value={sample.json}
            onChange={(event) => onChange({ kind: "pasted", json: event.currentTarget.value })}
            error={sample.json.trim() === "" || bodyOf(sample.json) !== null ? null : text.noJson}
            autosize
            minRows={6}
            maxRows={20}
            spellCheck={false}
            ff="monospace"
          />
        ) : preview === null ? null : preview.body === null ? (
          <Alert color="gray">
            {preview.run_id !== null ? text.noBody : source === undefined ? text.noLeadAnywhere : text.noLead}
          </Alert>
        ) : (
          <Details title={bodyTitle ?? text.original} isOpenAtFirst={!isNarrow}>
            <JsonView label={bodyTitle ?? text.json} value={preview.body} />
          </Details>
        )}
        {mayReveal && stored !== null && (sample.kind === "newest" || sample.kind === "stored") ? (
          <Group gap="xs">
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconEye size={16} aria-hidden />}
              loading={reveal.isPending}
              onClick={() => reveal.mutate(stored)}
            >
              {text.reveal}
            </Button>
            <Text size="xs" c="dimmed">
              {text.masked}
            </Text>
          </Group>
        ) : null}
        {reveal.error === null ? null : <ProblemAlert error={reveal.error} />}
      </Stack>
    </Card>
  );
}

/** The JSON text of an object; null: it is none. */
export function bodyOf(json: string): string | null {
  try {
    const value = parseExactly(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? json : null;
  } catch {
    return null;
  }
}

function titleOf({ received_at: at, lead }: Lead, time: (iso: string) => string): string {
  const who = lead?.name ?? lead?.company ?? lead?.email ?? null;
  return who === null ? time(at) : `${time(at)}, ${who}`;
}

function sampleOf(chosen: string): Sample {
  if (chosen === newest) return { kind: "newest" };
  return chosen === pasted ? { kind: "pasted", json: "" } : { kind: "stored", runId: chosen };
}

/** No lead has these ids. */
const newest = "newest";
const pasted = "pasted";
const offeredMax = 20;

const texts = {
  de: {
    title: "Vorschau an einem Lead",
    which: "An welchem Lead?",
    newest: "der neueste",
    none: "noch keiner da",
    paste: "Daten einfügen …",
    json: "Daten eines Leads (JSON)",
    jsonHelp: "Wie sie gesendet werden. Sie werden nirgends gespeichert.",
    noJson: "Das ist kein JSON-Objekt.",
    noLead: "Diese Quelle hat noch keinen Lead. Fügen Sie Daten ein, um die Regeln auszuprobieren.",
    noLeadAnywhere:
      "Von den Quellen, die hierher senden, ist noch kein Lead da. Fügen Sie Daten ein, um die Regeln auszuprobieren.",
    noBody: "Die Daten dieses Leads liegen nicht (mehr) vor. Wählen Sie einen anderen.",
    original: "So wurde er gesendet",
    reveal: "Personendaten zeigen",
    masked: "Personendaten sind verdeckt. Wer sie sich zeigen lässt, steht danach im Protokoll.",
  },
  en: {
    title: "Preview on a lead",
    which: "On which lead?",
    newest: "the newest",
    none: "there is none yet",
    paste: "paste data …",
    json: "The data of a lead (JSON)",
    jsonHelp: "As they are sent. They are stored nowhere.",
    noJson: "This is no JSON object.",
    noLead: "This source has no lead yet. Paste data to try the rules.",
    noLeadAnywhere: "The sources that send here have no lead yet. Paste data to try the rules.",
    noBody: "The data of this lead are not there (any more). Choose another one.",
    original: "As it was sent",
    reveal: "Show person data",
    masked: "Person data is masked. Whoever has it shown stands in the log afterwards.",
  },
};
