// A framed part of a view, with a heading of its own.
import { Group, Paper, Title } from "@mantine/core";
import { useId } from "react";
import type { ReactNode } from "react";
import classes from "./parts.module.css";

interface CardProps {
  readonly title?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Card({ title, actions, children }: CardProps) {
  const id = useId();
  if (title === undefined)
    return (
      <Paper className={classes.card} bg="var(--surface)">
        {children}
      </Paper>
    );
  return (
    <Paper component="section" className={classes.card} bg="var(--surface)" aria-labelledby={id}>
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2} size="h4" id={id}>
          {title}
        </Title>
        {actions}
      </Group>
      {children}
    </Paper>
  );
}
