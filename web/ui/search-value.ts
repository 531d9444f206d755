// Filters stand in the address, so that a reload and a link that somebody sends keep them.
import { useSearchParams } from "wouter";

/** Reads and sets members of the address's query; an empty value takes one away. */
export function useSearchValues(): readonly [
  URLSearchParams,
  (changes: Readonly<Record<string, string>>) => void,
] {
  const [search, setSearch] = useSearchParams();
  const change = (changes: Readonly<Record<string, string>>): void =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value === "") after.delete(name);
          else after.set(name, value);
        }
        return after;
      },
      { replace: true },
    );
  return [search, change];
}
