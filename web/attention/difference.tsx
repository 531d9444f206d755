// The difference between a body as it is and as it was edited: by colour, by sign, and in words for screen readers.
import { Text, VisuallyHidden } from "@mantine/core";
import { useId } from "react";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import classes from "./attention.module.css";
import { lineDifference } from "./line-difference.ts";
import type { DifferenceLine } from "./line-difference.ts";

/** So many unchanged lines are shown around a change. */
const contextLines = 3;

export function Difference({ before, after }: { readonly before: string; readonly after: string }) {
  const text = useTexts(texts);
  const { count } = useFormat();
  const id = useId();
  const lines = lineDifference(before, after);
  const added = lines.filter(({ kind }) => kind === "added").length;
  const removed = lines.filter(({ kind }) => kind === "removed").length;
  if (added === 0 && removed === 0) return <Text c="dimmed">{text.none}</Text>;
  return (
    <>
      <Text size="sm" mb={4} id={id}>
        {text.summary(count(removed), count(added))}
      </Text>
      <ul className={classes.difference} aria-labelledby={id} tabIndex={0}>
        {shown(lines).map((line, index) =>
          line === "gap" ? (
            <li key={index} className={classes.gap}>
              <span aria-hidden>⋯</span>
              <VisuallyHidden>{text.gap}</VisuallyHidden>
            </li>
          ) : (
            <li key={index} className={line.kind === "same" ? undefined : classes[line.kind]}>
              <span aria-hidden>{signs[line.kind]}</span>
              <span>
                {line.kind === "same" ? null : <VisuallyHidden>{text[line.kind]} </VisuallyHidden>}
                {line.text}
              </span>
            </li>
          ),
        )}
      </ul>
    </>
  );
}

const signs = { same: " ", removed: "−", added: "+" } as const;

function shown(lines: readonly DifferenceLine[]): readonly (DifferenceLine | "gap")[] {
  const near = lines.map((_, index) =>
    lines
      .slice(Math.max(0, index - contextLines), index + contextLines + 1)
      .some(({ kind }) => kind !== "same"),
  );
  return lines.flatMap((line, index): readonly (DifferenceLine | "gap")[] => {
    if (near[index] === true) return [line];
    return index === 0 || near[index - 1] === true ? ["gap"] : [];
  });
}

const texts = {
  de: {
    none: "Noch nichts geändert.",
    summary: (removed: string, added: string) => `Zeilen entfernt: ${removed}, neu: ${added}`,
    removed: "Entfernt:",
    added: "Neu:",
    gap: "Unveränderte Zeilen ausgelassen",
  },
  en: {
    none: "Nothing changed yet.",
    summary: (removed: string, added: string) => `Lines removed: ${removed}, new: ${added}`,
    removed: "Removed:",
    added: "New:",
    gap: "Unchanged lines left out",
  },
};
