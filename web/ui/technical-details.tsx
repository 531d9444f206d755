// What the program wrote down, in English and with its particulars: for whoever looks closer, and out of the way.
import { Text } from "@mantine/core";
import { useTexts } from "../language/language.tsx";
import { Details } from "./details.tsx";

export function TechnicalDetails({ stored }: { readonly stored: string }) {
  const text = useTexts(texts);
  return (
    <Details title={text.title}>
      <Text size="sm" lang="en">
        {stored}
      </Text>
    </Details>
  );
}

const texts = {
  de: { title: "Technische Einzelheiten" },
  en: { title: "Technical details" },
};
