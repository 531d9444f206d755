// What is different between two texts, line by line: the longest common lines stay, the others are gone or new.

export interface DifferenceLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Comparing costs the product of the lines that differ; beyond this everything between is gone and new. */
const cellsMax = 4_000_000;

export function lineDifference(before: string, after: string): readonly DifferenceLine[] {
  const old = before.split("\n");
  const fresh = after.split("\n");
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < fresh.length - head &&
    old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]
  )
    tail++;
  return [
    ...old.slice(0, head).map(lineOf("same")),
    ...differing(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail)),
    ...old.slice(old.length - tail).map(lineOf("same")),
  ];
}

function lineOf(kind: DifferenceLine["kind"]): (text: string) => DifferenceLine {
  return (text) => ({ kind, text });
}

function differing(old: readonly string[], fresh: readonly string[]): readonly DifferenceLine[] {
  const width = fresh.length + 1;
  if (old.length * fresh.length > cellsMax)
    return [...old.map(lineOf("removed")), ...fresh.map(lineOf("added"))];
  // How many lines are common from here on.
  const common = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number): number => common[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = fresh.length - 1; column >= 0; column--) {
      common[row * width + column] =
        old[row] === fresh[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: DifferenceLine[] = [];
  let row = 0;
  let column = 0;
  while (row < old.length || column < fresh.length) {
    const [gone, come] = [old[row], fresh[column]];
    if (gone !== undefined && gone === come) {
      lines.push({ kind: "same", text: gone });
      row++;
      column++;
    } else if (gone !== undefined && (come === undefined || at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ kind: "removed", text: gone });
      row++;
    } else {
      lines.push({ kind: "added", text: come ?? "" });
      column++;
    }
  }
  return lines;
}
