// Nothing to show: why, and what one can do about it.
import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./parts.module.css";

interface EmptyProps {
  readonly title: string;
  readonly explanation?: string;
  readonly children?: ReactNode;
}

export function Empty({ title, explanation, children }: EmptyProps) {
  return (
    <div className={classes.empty}>
      <Title order={2} size="h4">
        {title}
      </Title>
      {explanation === undefined ? null : (
        <Text c="dimmed" maw="36rem">
          {explanation}
        </Text>
      )}
      {children}
    </div>
  );
}
