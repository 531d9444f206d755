// While an answer is on its way. It takes the room of what will come, so that nothing jumps.
import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import { useTexts } from "../language/language.tsx";

export function LoadingView({ rows = 6 }: { readonly rows?: number }) {
  const text = useTexts(texts);
  return (
    <Stack gap="sm" aria-busy="true">
      <VisuallyHidden role="status">{text.loading}</VisuallyHidden>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={36} />
      ))}
    </Stack>
  );
}

const texts = { de: { loading: "Wird geladen …" }, en: { loading: "Loading …" } };
