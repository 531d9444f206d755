// Who says what a source or destination is: leadledger.yaml, or people here.
import { Code } from "@mantine/core";
import { useTexts } from "../language/language.tsx";
import type { Part } from "./part-kind.ts";

export function ManagedBy({ by }: { readonly by: Part["managed_by"] }) {
  const text = useTexts(texts);
  return <span>{by === "file" ? <Code>leadledger.yaml</Code> : text.here}</span>;
}

const texts = { de: { here: "hier" }, en: { here: "here" } };
