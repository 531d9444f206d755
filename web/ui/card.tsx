// A framed part of a view, with a heading of its own.
import { Group, Paper, Title } from "@mantine/core";
import { useId } from "react";
import type { ReactNode } from "react";
import classes from "./parts.module.css";

interface CardProps {
  readonly title?: string;
  readonly actions?: ReactNode;
  /** Not wider than what one reads and fills in well. */
  readonly isNarrow?: boolean;
  readonly children: ReactNode;
}

export function Card({ title, actions, isNarrow = false, children }: CardProps) {
  const id = useId();
  const look = { className: classes.card, bg: "var(--surface)", ...(isNarrow ? { maw: "46rem" } : {}) };
  if (title === undefined) return <Paper {...look}>{children}</Paper>;
  return (
    <Paper component="section" {...look} aria-labelledby={id}>
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
