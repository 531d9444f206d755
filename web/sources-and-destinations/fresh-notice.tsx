// After adding, changing or rotating: the secret that is shown this once, and what the server found remarkable.
import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconKey } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTexts } from "../language/language.tsx";
import { CopyText } from "../ui/copy-text.tsx";
import type { PartKind } from "./part-kind.ts";
import { useFresh } from "./part-queries.ts";

export function FreshNotice({ kind, name }: { readonly kind: PartKind; readonly name: string }) {
  const text = useTexts(texts);
  const [fresh, setFresh] = useFresh(kind, name);
  const place = useRef<HTMLDivElement>(null);
  const secret = fresh?.secret ?? null;
  useEffect(() => {
    if (secret !== null) place.current?.scrollIntoView({ block: "center" });
  }, [secret]);
  if (fresh === null) return null;
  return (
    <Stack ref={place} role="status">
      {secret === null ? null : (
        <Alert color="sea" icon={<IconKey aria-hidden />} title={text.secret}>
          <Stack gap="sm">
            <Text size="sm">{text.secretWhy[kind]}</Text>
            <CopyText label={text.newSecret} value={secret} />
            <div>
              <Button size="xs" variant="default" onClick={() => setFresh({ ...fresh, secret: null })}>
                {text.done}
              </Button>
            </div>
          </Stack>
        </Alert>
      )}
      {fresh.warnings.length === 0 ? null : (
        <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title={text.warnings}>
          {fresh.warnings.map(({ place: at, message }) => (
            <Text size="sm" key={`${at} ${message}`}>
              {message}
            </Text>
          ))}
        </Alert>
      )}
    </Stack>
  );
}

const texts = {
  de: {
    secret: "Das Geheimnis wird nur dieses eine Mal gezeigt",
    secretWhy: {
      sources:
        "Kopieren Sie es jetzt und hinterlegen Sie es beim Absender. LeadLedger bewahrt es verschlüsselt auf und zeigt es nie wieder; geht es verloren, ersetzen Sie es durch ein neues.",
      destinations:
        "Kopieren Sie es jetzt und hinterlegen Sie es beim Empfänger, damit er die Signaturen prüfen kann. LeadLedger bewahrt es verschlüsselt auf und zeigt es nie wieder; geht es verloren, ersetzen Sie es durch ein neues.",
    },
    newSecret: "Geheimnis",
    done: "Ich habe es gespeichert",
    warnings: "Gespeichert. Ist das so gemeint?",
  },
  en: {
    secret: "The secret is shown this once",
    secretWhy: {
      sources:
        "Copy it now and give it to the sender. LeadLedger keeps it encrypted and never shows it again; if it gets lost, replace it by a new one.",
      destinations:
        "Copy it now and give it to the receiver, which checks signatures with it. LeadLedger keeps it encrypted and never shows it again; if it gets lost, replace it by a new one.",
    },
    newSecret: "Secret",
    done: "I have saved it",
    warnings: "Saved. Is it meant like this?",
  },
};
