// Adding a source: first where the leads come from, then a few questions, the rest on demand. Its secret is made by
// LeadLedger and shown on the next page, with the steps in the sender's system.
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { nameFromLabel } from "../../src/domain/sources/source-label.ts";
import { call } from "../api/client.ts";
import type { FormField, Forms, Source } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { NewPart } from "../sources-and-destinations/part-editor.tsx";
import { useForms } from "../sources-and-destinations/part-queries.ts";
import { Card } from "../ui/card.tsx";
import { draftOf, textOf } from "../ui/form/draft.ts";
import type { Draft } from "../ui/form/draft.ts";
import { Page } from "../ui/page.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { useSearchValues } from "../ui/search-value.ts";
import { useSourcesEver } from "../ui/source-name.ts";
import { guidedFields } from "./guided-fields.ts";
import type { SetUp } from "./guided-fields.ts";
import { Tiles, Ways } from "./tiles.tsx";

export default function NewSource() {
  const text = useTexts(texts);
  const [search] = useSearchValues();
  const forms = useForms();
  const again = search.get("again");
  const chosen = search.get("set-up");
  if (again === null && chosen === null)
    return (
      <Page title={text.title} explanation={text.from}>
        <QueryState query={forms} loadingRows={10}>
          {({ sources: { tiles } }) => {
            const tile = tiles.find(({ id }) => id === search.get("tile"));
            return tile === undefined ? <Tiles tiles={tiles} /> : <Ways tile={tile} />;
          }}
        </QueryState>
      </Page>
    );
  return <SourceQuestions forms={forms} again={again} chosen={chosen} />;
}

interface SourceQuestionsProps {
  readonly forms: ReturnType<typeof useForms>;
  readonly again: string | null;
  readonly chosen: string | null;
}

function SourceQuestions({ forms, again, chosen }: SourceQuestionsProps) {
  const text = useTexts(texts);
  const ever = useSourcesEver();
  // One that was removed and comes back begins with what it was.
  const former = useQuery({
    queryKey: ["sources", "former", again],
    queryFn: () => (again === null ? null : call("GET /sources/:name", { params: { name: again } })),
    staleTime: Infinity,
  });
  const setUp = forms.data === undefined ? undefined : setUpOf(forms.data, chosen);
  const title = setUp === undefined ? text.title : `${text.title}: ${setUp.label}`;
  return (
    <Page title={title} explanation={text.explanation}>
      <Card isNarrow>
        <QueryState query={forms} loadingRows={10}>
          {({ sources: { fields } }) => (
            <QueryState query={former} loadingRows={10}>
              {(item) => (
                <SourceForm
                  key={chosen}
                  fields={askedFields(fields, setUp)}
                  former={item}
                  setUp={setUp}
                  taken={ever.data?.items.map(({ name }) => name) ?? []}
                />
              )}
            </QueryState>
          )}
        </QueryState>
      </Card>
    </Page>
  );
}

/** Where the lead's fields come from has a page of its own, which needs a lead to show. */
function askedFields(fields: readonly FormField[], setUp: SetUp | undefined): readonly FormField[] {
  const asked = fields.filter(({ name }) => name !== "map");
  return setUp === undefined ? asked : guidedFields(asked, setUp);
}

function setUpOf({ sources: { tiles } }: Forms, id: string | null): SetUp | undefined {
  return tiles.flatMap(({ set_ups: ways }) => ways).find((each) => each.id === id);
}

interface SourceFormProps {
  readonly fields: readonly FormField[];
  readonly former: Source | null;
  readonly setUp: SetUp | undefined;
  readonly taken: readonly string[];
}

function SourceForm({ fields, former, setUp, taken }: SourceFormProps) {
  const text = useTexts(texts);
  const [draft, setDraft] = useState(() => firstDraft(fields, former, setUp));
  // The name follows the display name until somebody writes another.
  const change = (next: Draft): void => {
    const label = textOf(next["label"]);
    const follows = textOf(draft["name"]) === nameFromLabel(textOf(draft["label"]), taken);
    const isNew = label !== textOf(draft["label"]) && follows;
    setDraft(isNew ? { ...next, name: { kind: "text", text: nameFromLabel(label, taken) } } : next);
  };
  const query = setUp === undefined ? "" : `?set-up=${setUp.id}`;
  const more = former === null || former.map === null ? {} : { map: former.map };
  return (
    <NewPart
      kind="sources"
      fields={fields}
      more={more}
      draft={draft}
      onChange={change}
      query={query}
      before={
        <Text size="sm" c="dimmed">
          {text.map}
        </Text>
      }
    />
  );
}

function firstDraft(fields: readonly FormField[], former: Source | null, setUp: SetUp | undefined): Draft {
  const draft = draftOf(fields, former);
  if (former !== null) return draft;
  return {
    ...draft,
    to: { kind: "unchosen" },
    ...(setUp === undefined ? {} : { "auth.kind": { kind: "text", text: setUp.kind } }),
  };
}

const texts = {
  de: {
    title: "Quelle anlegen",
    from: "Woher kommen die Leads?",
    map: "Welche Felder eines Leads was bedeuten, wird von selbst erkannt. Ansehen und ändern lässt es sich danach auf der Seite der Quelle unter „Felder zuordnen“.",
    explanation:
      "Danach sehen Sie die Adresse, das Geheimnis und fertigen Code, und können zuschauen, wie der erste Lead ankommt.",
  },
  en: {
    title: "Add a source",
    from: "Where do the leads come from?",
    map: "What the fields of a lead mean is recognised by itself. Afterwards it can be seen and changed on the source's page, under “Map the fields”.",
    explanation:
      "Then you see its address, its secret and code that works, and can watch the first lead arrive.",
  },
};
