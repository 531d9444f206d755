// What went wrong, as the server says it, with its code; or that no server was there.
import { Alert, Anchor, Button, Group, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { Link } from "wouter";
import { ApiProblem } from "../api/problem.ts";
import { useTexts } from "../language/language.tsx";

interface ProblemAlertProps {
  readonly error: Error;
  readonly onRetry?: () => void;
}

export function ProblemAlert({ error, onRetry }: ProblemAlertProps) {
  const text = useTexts(texts);
  const problem = error instanceof ApiProblem ? error : null;
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconAlertCircle aria-hidden />}
      title={problem?.title ?? text.unreachableTitle}
    >
      <Text size="sm">{problem?.detail ?? text.unreachable}</Text>
      {problem?.reason == null ? null : <Text size="sm">{problem.reason}</Text>}
      {problem?.problems.map(({ place, message }) => (
        <Text size="sm" key={`${place} ${message}`}>
          {place}: {message}
        </Text>
      ))}
      <Group mt="xs" gap="md">
        {onRetry === undefined ? null : (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            {text.again}
          </Button>
        )}
        {problem === null ? null : (
          <Anchor component={Link} href={`/errors/${problem.code}`} size="sm" underline="always">
            {text.code(problem.code)}
          </Anchor>
        )}
      </Group>
    </Alert>
  );
}

const texts = {
  de: {
    unreachableTitle: "Der Server antwortet nicht",
    unreachable:
      "Es ist nichts verloren: Was Leads betrifft, geht weiter, sobald er wieder läuft. Prüfen Sie die Verbindung.",
    again: "Noch einmal versuchen",
    code: (code: string) => `Erklärung zu ${code}`,
  },
  en: {
    unreachableTitle: "The server does not answer",
    unreachable: "Nothing is lost: everything about leads goes on when it runs again. Check the connection.",
    again: "Try again",
    code: (code: string) => `About ${code}`,
  },
};
