// Where a part comes from, if that matters: it stands in the file and cannot be changed here, or it was removed.
import { Alert, Anchor, Button, Code, Text } from "@mantine/core";
import { IconFileText, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { useMay } from "../api/session.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";
import type { Part, PartKind } from "./part-kind.ts";
import { useChangePart } from "./part-queries.ts";

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
  return part.managed_by === "file" ? <FileNote kind={kind} part={part} /> : null;
}

function FileNote({ kind, part }: { readonly kind: PartKind; readonly part: Part }) {
  const text = useTexts(texts);
  const mayChange = useMay("configuration.write");
  const [isOpen, setOpen] = useState(false);
  const change = useChangePart(kind, part.name);
  return (
    <Alert color="gray" icon={<IconFileText aria-hidden />} title={text.file}>
      <Text size="sm">
        {text.change} <Code>{`${kind}: ${part.name}:`}</Code> {text.apply} <Code>leadledger apply</Code>.
      </Text>
      {mayChange ? (
        <Button variant="default" size="xs" mt="sm" onClick={() => setOpen(true)}>
          {text.takeOver}
        </Button>
      ) : null}
      <ReasonDialog
        title={text.takeOverTitle(part.name)}
        explanation={text.takeOverWhy}
        button={text.takeOver}
        asksReason={false}
        isOpen={isOpen}
        isPending={change.isPending}
        error={change.error}
        onConfirm={() => change.mutate({ does: "take-over" }, { onSuccess: () => setOpen(false) })}
        onClose={() => setOpen(false)}
      />
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
    takeOver: "In die Oberfläche übernehmen",
    takeOverTitle: (name: string) => `„${name}“ in die Oberfläche übernehmen?`,
    takeOverWhy:
      "Von da an wird der Eintrag hier geändert, und was in leadledger.yaml dazu steht, gilt nicht mehr. An den Leads und an der Zustellung ändert sich nichts. Löschen Sie den Eintrag danach aus der Datei; bis dahin erinnert LeadLedger bei jedem Start daran.",
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
    takeOver: "Take over into the dashboard",
    takeOverTitle: (name: string) => `Take “${name}” over into the dashboard?`,
    takeOverWhy:
      "From then on it is changed here, and what leadledger.yaml says about it no longer counts. Nothing changes about leads and delivery. Delete the entry from the file afterwards; until then LeadLedger reminds you at each start.",
  },
};
