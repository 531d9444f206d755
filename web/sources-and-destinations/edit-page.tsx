// Changing a source or destination; what stands in the file cannot be changed here, and what was removed neither.
import { useState } from "react";
import { Redirect, useParams } from "wouter";
import { useMay } from "../api/session.ts";
import type { FormField, Forms } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import type { Stored } from "../ui/form/draft.ts";
import type { FormFieldsProps } from "../ui/form/form-fields.tsx";
import { Page } from "../ui/page.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { ChangedPart } from "./part-editor.tsx";
import { pathOf } from "./part-kind.ts";
import type { PartKind, Parts } from "./part-kind.ts";
import { useForms, usePart } from "./part-queries.ts";

interface EditPageProps<Kind extends PartKind> {
  readonly kind: Kind;
  readonly fieldsOf: (forms: Forms, part: Parts[Kind]) => readonly FormField[];
  readonly storedOf: (part: Parts[Kind], fields: readonly FormField[]) => Stored;
  readonly belowOf?: (forms: Forms, part: Parts[Kind]) => FormFieldsProps["below"];
}

export function EditPage<Kind extends PartKind>({ kind, fieldsOf, storedOf, belowOf }: EditPageProps<Kind>) {
  const text = useTexts(texts);
  const { name = "" } = useParams();
  const part = usePart(kind, name);
  const forms = useForms();
  const mayChange = useMay("configuration.write");
  const [round, setRound] = useState(0);
  const reload = (): void => void part.refetch().then(() => setRound(round + 1));
  return (
    <Page title={text.title(name)}>
      <QueryState query={part} loadingRows={10}>
        {({ body, etag }) =>
          body.managed_by === "file" || !body.enabled || !mayChange ? (
            <Redirect to={pathOf(kind, name)} />
          ) : (
            <Card isNarrow>
              <QueryState query={forms} loadingRows={10}>
                {(known) => (
                  <ChangedPart
                    key={round}
                    kind={kind}
                    // Pausing has a button of its own, which says what it means.
                    fields={fieldsOf(known, body).filter((field) => field.name !== "paused")}
                    part={body}
                    etag={etag}
                    stored={storedOf(body, fieldsOf(known, body))}
                    onReload={reload}
                    below={belowOf?.(known, body)}
                  />
                )}
              </QueryState>
            </Card>
          )
        }
      </QueryState>
    </Page>
  );
}

const texts = {
  de: { title: (name: string) => `${name} bearbeiten` },
  en: { title: (name: string) => `Edit ${name}` },
};
