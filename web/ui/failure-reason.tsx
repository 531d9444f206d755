// Why something failed: a sentence for its stable code, which leads to the whole explanation.
import { Anchor, Text } from "@mantine/core";
import { Link } from "wouter";
import { useErrorTexts } from "./error-texts.ts";
import { useTexts } from "../language/language.tsx";

interface FailureReasonProps {
  readonly code: string;
  /** What was stored when it happened: said where the code is none of ours. */
  readonly stored: string | null;
}

export function FailureReason({ code, stored }: FailureReasonProps) {
  const text = useTexts(texts);
  const title = useErrorTexts()(code)?.title ?? stored;
  return (
    <Text component="span" size="sm">
      {title === null ? null : `${title} · `}
      <Anchor
        component={Link}
        href={`/errors/${encodeURIComponent(code)}`}
        size="sm"
        underline="always"
        aria-label={text.about(code)}
      >
        {code}
      </Anchor>
    </Text>
  );
}

const texts = {
  de: { about: (code: string) => `${code}: Erklärung` },
  en: { about: (code: string) => `${code}: explanation` },
};
