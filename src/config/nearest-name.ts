// Finds the name that somebody most likely meant when they mistyped one.

/** The closest candidate by edits (a swap of neighbours is one edit); null if none is close enough to be meant. */
export function nearestName(typed: string, candidates: Iterable<string>): string | null {
  const wanted = withoutStyle(typed);
  let nearest: string | null = null;
  let fewestEdits = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const edits = editDistance(wanted, withoutStyle(candidate));
    if (edits >= fewestEdits) continue;
    nearest = candidate;
    fewestEdits = edits;
  }
  return nearest;
}

// bodyLimit, body-limit and Body_Limit mean body_limit.
function withoutStyle(name: string): string {
  return name
    .slice(0, comparedCharactersMax)
    .toLowerCase()
    .replaceAll(/[-_\s]/g, "");
}

// The work grows with the product of both lengths, and nobody misses a name by that much.
const comparedCharactersMax = 80;

// Optimal string alignment: Levenshtein with transposition of neighbours.
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = at(last, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let best = Math.min(at(last, column) + 1, at(current, column - 1) + 1, substitution);
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (row > 1 && column > 1 && swapped) best = Math.min(best, at(beforeLast, column - 2) + 1);
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
