// The figures of a range by the file, as the API exports them.
import { Button, Group } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { addressOf } from "../api/client.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import type { Range } from "./read-figures.ts";

export function FigureDownloads({ range }: { readonly range: Range }) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  // A German Excel opens no other CSV.
  const excel = language === "de" ? "de" : null;
  const files = [
    { name: "Excel", query: { format: "xlsx" } },
    { name: "CSV", query: { format: "csv", excel } },
    { name: "NDJSON", query: { format: "ndjson" } },
  ] as const;
  return (
    <Group gap="xs" role="group" aria-label={text.download}>
      {files.map(({ name, query }) => (
        <Button
          key={name}
          component="a"
          href={addressOf("GET /exports/kpi", { query: { ...query, from: range.from, to: range.to } })}
          download
          variant="default"
          size="sm"
          leftSection={<IconDownload size={16} aria-hidden />}
          aria-label={text.as(name)}
        >
          {name}
        </Button>
      ))}
    </Group>
  );
}

const texts = {
  de: { download: "Herunterladen", as: (name: string) => `${name} herunterladen` },
  en: { download: "Download", as: (name: string) => `Download ${name}` },
};
