// How to send leads to a source: its address, and code to copy that works as it stands once the secret is set.
import { Alert, Stack, Tabs, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Answer } from "../api/client.ts";
import { useTexts } from "../language/language.tsx";
import { useFresh } from "../sources-and-destinations/part-queries.ts";
import { Card } from "../ui/card.tsx";
import { useSamples } from "./samples.ts";
import { CopyText } from "../ui/copy-text.tsx";
import { QueryState } from "../ui/query-state.tsx";

type Samples = Answer<"GET /sources/:name/samples">;
type Code = NonNullable<Samples["samples"]>;
type Language = keyof Code;

const languages: readonly Language[] = ["curl", "javascript", "php", "n8n"];

export function SampleCode({ name }: { readonly name: string }) {
  const text = useTexts(texts);
  const samples = useSamples(name);
  return (
    <Card title={text.title}>
      <QueryState query={samples} loadingRows={8}>
        {(known) => <HowToSend name={name} samples={known} />}
      </QueryState>
    </Card>
  );
}

function HowToSend({ name, samples }: { readonly name: string; readonly samples: Samples }) {
  const text = useTexts(texts);
  const [fresh] = useFresh("sources", name);
  const { url, secret_variable: variable, fits_schema: fits, samples: code } = samples;
  const usual = languages.map((each) => ({
    name: text.names[each],
    label: text.labels[each],
    code: code?.[each] ?? "",
  }));
  const all = [...samples.own_samples, ...usual];
  return (
    <Stack gap="md">
      <CopyText label={text.address} value={url} />
      {samples.address_remarks.map(({ code: remark, message }) => (
        <Alert key={remark} color="orange" icon={<IconAlertTriangle aria-hidden />}>
          {message}
        </Alert>
      ))}
      {variable === null ? null : (
        <div>
          <CopyText
            label={text.setSecret}
            value={`export ${variable}='${fresh?.secret ?? text.yourSecret}'`}
          />
          <Text size="sm" c="dimmed" mt={4}>
            {text.setSecretWhy}
          </Text>
        </div>
      )}
      {code === null ? <Text size="sm">{samples.why_no_samples}</Text> : <CodeTabs samples={all} />}
      {fits ? null : <Text size="sm">{text.doesNotFit}</Text>}
    </Stack>
  );
}

interface Sample {
  readonly name: string;
  readonly label: string;
  readonly code: string;
}

function CodeTabs({ samples }: { readonly samples: readonly Sample[] }) {
  const text = useTexts(texts);
  return (
    <Tabs defaultValue={samples[0]?.name ?? null} keepMounted={false}>
      <Tabs.List aria-label={text.code}>
        {samples.map(({ name }) => (
          <Tabs.Tab key={name} value={name}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {samples.map(({ name, label, code }) => (
        <Tabs.Panel key={name} value={name} pt="md">
          <CopyText label={label} value={code.trimEnd()} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

const texts = {
  de: {
    title: "Leads hierher senden",
    address: "Adresse für Absender",
    setSecret: "Zuerst das Geheimnis setzen",
    setSecretWhy: "Der Code unten liest es aus dieser Umgebungsvariablen, damit es in keinem Programm steht.",
    yourSecret: "Ihr Geheimnis",
    code: "Beispielcode",
    names: { curl: "curl", javascript: "JavaScript", php: "PHP", n8n: "n8n" },
    labels: {
      curl: "Im Terminal ausführen",
      javascript: "JavaScript für Node 20 und neuer",
      php: "PHP 8",
      n8n: "In die Arbeitsfläche von n8n einfügen",
    },
    doesNotFit:
      "Der Lead in diesen Beispielen passt noch nicht zu den Regeln für den Inhalt (JSON Schema) dieser Quelle; passen Sie ihn an.",
  },
  en: {
    title: "Send leads here",
    address: "Address for senders",
    setSecret: "First set the secret",
    setSecretWhy: "The code below reads it from this environment variable, so that no program contains it.",
    yourSecret: "your secret",
    code: "Sample code",
    names: { curl: "curl", javascript: "JavaScript", php: "PHP", n8n: "n8n" },
    labels: {
      curl: "Run in a terminal",
      javascript: "JavaScript for Node 20 and newer",
      php: "PHP 8",
      n8n: "Paste into n8n's canvas",
    },
    doesNotFit:
      "The lead in these samples does not fit the rules for the content (JSON Schema) of this source yet; adapt it.",
  },
};
