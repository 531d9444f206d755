// Where a part comes from, if that matters: it stands in the file and cannot be changed here, or it was removed.
import { Alert, Anchor, Code, Text } from "@mantine/core";
import { IconFileText, IconTrash } from "@tabler/icons-react";
import { Link } from "wouter";
import { useMay } from "../api/session.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import type { Part, PartKind } from "./part-kind.ts";

export function PartNotes({ kind, part }: { readonly kind: PartKind; readonly part: Part }) {
  const text = useTexts(texts);
  const { time } = useFormat();
  const mayAdd = useMay("configuration.write");
  if (!part.enabled) {
    return (
      <Alert color="gray" icon={<IconTrash aria-hidden />} title={text.removed(time(part.updated_at))}>
        <Text size="sm">{text.removedWhy[kind]}</Text>
        {mayAdd ? (
          <Anchor
            component={Link}
            href={`/${kind}/new?again=${encodeURIComponent(part.name)}`}
            size="sm"
            underline="always"
          >
            {text.addAgain}
          </Anchor>
        ) : null}
      </Alert>
    );
  }
  if (part.managed_by !== "file") return null;
  return (
    <Alert color="gray" icon={<IconFileText aria-hidden />} title={text.file}>
      <Text size="sm">
        {text.change} <Code>{`${kind}: ${part.name}:`}</Code> {text.apply} <Code>leadledger apply</Code>.
      </Text>
    </Alert>
  );
}

const texts = {
  de: {
    removed: (at: string) => `Entfernt am ${at}`,
    removedWhy: {
      sources: "Anfragen unter diesem Namen werden abgewiesen. Ihre bisherigen Leads sind alle noch da.",
      destinations: "Es wird nichts mehr dorthin zugestellt. Die bisherigen Leads sind alle noch da.",
    },
    addAgain: "Wieder anlegen",
    file: "Steht in leadledger.yaml und wird dort geändert",
    change: "Hier können Sie alles ansehen, aber nichts ändern. Ändern Sie in der Datei den Abschnitt",
    apply: "und übernehmen Sie die Änderung mit einem Neustart oder mit",
  },
  en: {
    removed: (at: string) => `Removed on ${at}`,
    removedWhy: {
      sources: "Requests under this name are refused. Its leads so far are all still there.",
      destinations: "Nothing is delivered there any more. The leads so far are all still there.",
    },
    addAgain: "Add it again",
    file: "Stands in leadledger.yaml and is changed there",
    change: "Here you can look at everything and change nothing. In the file, change the section",
    apply: "and put it into effect by a restart or by",
  },
};
