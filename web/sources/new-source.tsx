// Adding a source: a few questions, the rest on demand. Its secret is made by LeadLedger and shown on the next page.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import type { FormField, Source } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { NewPart } from "../sources-and-destinations/part-editor.tsx";
import { useForms } from "../sources-and-destinations/part-queries.ts";
import { Card } from "../ui/card.tsx";
import { draftOf } from "../ui/form/draft.ts";
import { Page } from "../ui/page.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { useSearchValues } from "../ui/search-value.ts";

export default function NewSource() {
  const text = useTexts(texts);
  const [search] = useSearchValues();
  const again = search.get("again");
  const forms = useForms();
  // One that was removed and comes back begins with what it was.
  const former = useQuery({
    queryKey: ["sources", "former", again],
    queryFn: () => (again === null ? null : call("GET /sources/:name", { params: { name: again } })),
    staleTime: Infinity,
  });
  return (
    <Page title={text.title} explanation={text.explanation}>
      <Card isNarrow>
        <QueryState query={forms} loadingRows={10}>
          {({ sources: { fields } }) => (
            <QueryState query={former} loadingRows={10}>
              {(item) => <SourceForm fields={fields} former={item} />}
            </QueryState>
          )}
        </QueryState>
      </Card>
    </Page>
  );
}

interface SourceFormProps {
  readonly fields: readonly FormField[];
  readonly former: Source | null;
}

function SourceForm({ fields, former }: SourceFormProps) {
  const [draft, setDraft] = useState(() => draftOf(fields, former));
  return <NewPart kind="sources" fields={fields} draft={draft} onChange={setDraft} />;
}

const texts = {
  de: {
    title: "Quelle anlegen",
    explanation:
      "Danach sehen Sie die Adresse, das Geheimnis und fertigen Code, und können zuschauen, wie der erste Lead ankommt.",
  },
  en: {
    title: "Add a source",
    explanation:
      "Then you see its address, its secret and code that works, and can watch the first lead arrive.",
  },
};
