// A payload as JSON, its numbers as they were sent.
import { useId } from "react";
import { Text } from "@mantine/core";
import { writeExactly } from "../../src/domain/values/exact-json.ts";
import classes from "./parts.module.css";

const indentSpaces = 2;

export function JsonView({ label, value }: { readonly label: string; readonly value: unknown }) {
  const id = useId();
  return (
    <div>
      <Text size="sm" fw={550} id={id} mb={4}>
        {label}
      </Text>
      <pre className={classes.code} tabIndex={0} role="group" aria-labelledby={id}>
        {writeExactly(value, indentSpaces)}
      </pre>
    </div>
  );
}
