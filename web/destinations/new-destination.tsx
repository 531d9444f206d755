// Adding a destination: first its kind, then what that kind needs.
import { Radio, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import type { Destination, Forms } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { NewPart } from "../sources-and-destinations/part-editor.tsx";
import { useForms } from "../sources-and-destinations/part-queries.ts";
import { Card } from "../ui/card.tsx";
import { draftOf, textOf } from "../ui/form/draft.ts";
import type { Draft } from "../ui/form/draft.ts";
import { HelpText } from "../ui/form/help-text.tsx";
import { FutureSenders } from "./future-senders.tsx";
import { belowFields } from "./known-answers.tsx";
import { Page } from "../ui/page.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { useSearchValues } from "../ui/search-value.ts";

export default function NewDestination() {
  const text = useTexts(texts);
  const [search] = useSearchValues();
  const again = search.get("again");
  const forms = useForms();
  // One that was removed and comes back begins with what it was.
  const former = useQuery({
    queryKey: ["destinations", "former", again],
    queryFn: () => (again === null ? null : call("GET /destinations/:name", { params: { name: again } })),
    staleTime: Infinity,
  });
  return (
    <Page title={text.title} explanation={text.explanation}>
      <Card isNarrow>
        <QueryState query={forms} loadingRows={10}>
          {({ destinations }) => (
            <QueryState query={former} loadingRows={10}>
              {(item) => <DestinationForm kinds={destinations} former={item} />}
            </QueryState>
          )}
        </QueryState>
      </Card>
    </Page>
  );
}

interface DestinationFormProps {
  readonly kinds: Forms["destinations"];
  readonly former: Destination | null;
}

function DestinationForm({ kinds, former }: DestinationFormProps) {
  const text = useTexts(texts);
  const [kind, setKind] = useState(former?.kind ?? kinds[0]?.kind ?? "");
  const [drafts, setDrafts] = useState<Readonly<Record<string, Draft>>>(() =>
    Object.fromEntries(
      kinds.map(({ kind: each, fields }) => [
        each,
        draftOf(fields, former?.kind === each ? { ...former } : null),
      ]),
    ),
  );
  const form = kinds.find((each) => each.kind === kind);
  const draft = drafts[kind];
  if (form === undefined || draft === undefined) return null;
  // What was typed as the name stays when another kind is chosen.
  const choose = (chosen: string): void => {
    const { name } = draft;
    if (name !== undefined) setDrafts({ ...drafts, [chosen]: { ...drafts[chosen], name } });
    setKind(chosen);
  };
  return (
    <NewPart
      key={kind}
      kind="destinations"
      fields={form.fields}
      more={{ kind }}
      draft={draft}
      onChange={(changed) => setDrafts({ ...drafts, [kind]: changed })}
      below={belowFields(form.answers)}
      before={<FutureSenders client={textOf(draft["client"])} />}
    >
      <Radio.Group label={text.kind} value={kind} onChange={choose}>
        {grouped(kinds).map(([group, those]) => (
          <Stack key={group} gap="xs" mt="xs" mb="md" role="group" aria-label={group}>
            <Text size="sm" c="dimmed" fw={600} aria-hidden>
              {group}
            </Text>
            {those.map((each) => (
              <Radio
                key={each.kind}
                value={each.kind}
                label={each.label}
                description={<HelpText>{each.help}</HelpText>}
              />
            ))}
          </Stack>
        ))}
      </Radio.Group>
    </NewPart>
  );
}

type Kinds = Forms["destinations"];

function grouped(kinds: Kinds): readonly (readonly [string, Kinds])[] {
  const groups = new Map<string, Kinds[number][]>();
  for (const kind of kinds) groups.set(kind.group, [...(groups.get(kind.group) ?? []), kind]);
  return [...groups];
}

const texts = {
  de: {
    title: "Ziel anlegen",
    explanation: "Danach können Sie die Verbindung prüfen und einen Testlead senden.",
    kind: "Art des Ziels",
  },
  en: {
    title: "Add a destination",
    explanation: "Then you can check the connection and send a test lead.",
    kind: "Kind of destination",
  },
};
