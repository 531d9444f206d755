// Where something stands in a lead: a JSON pointer, picked from what the lead that is shown has.
import { Autocomplete, Text } from "@mantine/core";
import { useTexts } from "../language/language.tsx";
import type { BodyPlace } from "./map-draft.ts";
import classes from "./map.module.css";

interface PointerInputProps {
  readonly label: string;
  readonly value: string;
  readonly places: readonly BodyPlace[];
  readonly onChange: (pointer: string) => void;
}

export function PointerInput({ label, value, places, onChange }: PointerInputProps) {
  const text = useTexts(texts);
  const textAt = new Map(places.map((place) => [place.pointer, place.text]));
  return (
    <Autocomplete
      label={label}
      placeholder={text.example}
      value={value}
      onChange={onChange}
      data={[...textAt.keys()]}
      limit={optionsMax}
      renderOption={({ option }) => (
        <div className={classes.option}>
          <code>{option.value}</code>
          <Text component="span" size="xs" c="dimmed" className={classes.sampleText ?? ""}>
            {textAt.get(option.value)}
          </Text>
        </div>
      )}
      spellCheck={false}
      autoCapitalize="off"
    />
  );
}

const optionsMax = 50;

const texts = {
  de: { example: "/kontakt/vorname" },
  en: { example: "/contact/first" },
};
