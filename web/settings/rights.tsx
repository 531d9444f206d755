// A role, and to which clients of an agency it is limited.
import { Text } from "@mantine/core";
import { useTexts } from "../language/language.tsx";

interface RightsProps {
  readonly role: string;
  /** null: no limit. */
  readonly clients: readonly string[] | null;
}

export function Rights({ role, clients }: RightsProps) {
  const text = useTexts(texts);
  return (
    <div>
      {role}
      {clients === null ? null : (
        <Text size="sm" c="dimmed">
          {text.only(clients.join(", "))}
        </Text>
      )}
    </div>
  );
}

const texts = {
  de: { only: (names: string) => `nur ${names}` },
  en: { only: (names: string) => `only ${names}` },
};
