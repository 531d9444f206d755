// What a destination said about the record that it made of a lead: its number, the way there, and what is to know of it.
import { Anchor, Stack, Text } from "@mantine/core";
import { receiptSigns, receiptWords } from "../../src/domain/destinations/receipt-words.ts";
import type { WaitingDelivery } from "../api/types.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { State } from "../ui/state.tsx";

export function ReceiptLines({ receipt }: { readonly receipt: WaitingDelivery }) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const { remote_id: id, remote_url: url, warning } = receipt;
  return (
    <Stack gap={2}>
      {url !== null ? (
        <Anchor href={url} target="_blank" rel="noopener noreferrer" size="sm" underline="always" lh="24px">
          {id === null ? text.open : `${text.open} (${id})`}
        </Anchor>
      ) : id === null ? null : (
        <Text size="sm">{text.record(id)}</Text>
      )}
      {receiptSigns(receipt).map((sign) => (
        <State key={sign} tone={sign === "same_delivery" || sign === "added_to_person" ? "quiet" : "waiting"}>
          {receiptWords[sign][language]}
        </State>
      ))}
      {warning === null ? null : <State tone="waiting">{warning}</State>}
    </Stack>
  );
}

const texts = {
  de: {
    open: "Datensatz beim Ziel öffnen",
    record: (id: string) => `Datensatz beim Ziel: ${id}`,
  },
  en: {
    open: "Open the record at the destination",
    record: (id: string) => `Record at the destination: ${id}`,
  },
};
