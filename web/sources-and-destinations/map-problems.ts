// What the server says is wrong with a map, by the place where it is.
import { ApiProblem } from "../api/problem.ts";

export interface MapProblems {
  /** `place`: `country`, `map.town`, `map.properties.email`, `when`. */
  readonly at: (place: string) => readonly string[];
  readonly isInPlace: boolean;
}

export function mapProblemsOf(error: Error | null): MapProblems {
  const found = error instanceof ApiProblem ? error.problems : [];
  const isAt = (place: string, said: string): boolean =>
    said === place || said.startsWith(`${place}.`) || said.startsWith(`${place}[`);
  return {
    at: (place) => found.filter((each) => isAt(place, each.place)).map(({ message }) => message),
    isInPlace: found.length > 0,
  };
}
