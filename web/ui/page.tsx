// The head of a view: its title, what can be done on it, and the title of the browser's tab.
import { Group, Stack, Text, Title } from "@mantine/core";
import { useEffect } from "react";
import type { ReactNode } from "react";

interface PageProps {
  readonly title: string;
  /** One sentence on what this view is for. */
  readonly explanation?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, explanation, actions, children }: PageProps) {
  usePageTitle(title);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div>
          <Title order={1} size="h2">
            {title}
          </Title>
          {explanation === undefined ? null : (
            <Text c="dimmed" mt={4} maw="48rem">
              {explanation}
            </Text>
          )}
        </div>
        {actions === undefined ? null : <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – LeadLedger`;
  }, [title]);
}
