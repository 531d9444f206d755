// A setting that can be forgotten: what that means, and the button.
import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Card } from "../ui/card.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";

const formWidth = 560;

interface RemovalProps {
  readonly title: string;
  readonly what: string;
  /** Of the query that shows the setting. */
  readonly queryKey: readonly string[];
  readonly remove: () => Promise<unknown>;
}

export function Removal({ title, what, queryKey, remove }: RemovalProps) {
  const queries = useQueryClient();
  const removing = useMutation({
    mutationFn: remove,
    onSuccess: () => queries.invalidateQueries({ queryKey }),
  });
  return (
    <Card title={title}>
      <Stack maw={formWidth}>
        <Text size="sm">{what}</Text>
        {removing.error === null ? null : <ProblemAlert error={removing.error} />}
        <Group>
          <Button color="red" variant="light" loading={removing.isPending} onClick={() => removing.mutate()}>
            {title}
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}
