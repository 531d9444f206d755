// Help of a field; what stands between backticks is typed as it stands there.
import { Code } from "@mantine/core";

export function HelpText({ children }: { readonly children: string }) {
  return children.split("`").map((part, index) => (index % 2 === 1 ? <Code key={index}>{part}</Code> : part));
}
