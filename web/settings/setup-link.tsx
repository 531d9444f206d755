// A link with which somebody sets their password; it is shown once.
import { Alert, Stack } from "@mantine/core";
import { basePath } from "../api/root.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { CopyText } from "../ui/copy-text.tsx";

export interface SetupLinkAnswer {
  readonly path: string;
  readonly url: string | null;
  readonly expires_at: string;
}

export function SetupLink({ link }: { readonly link: SetupLinkAnswer }) {
  const text = useTexts(texts);
  const { shortTime } = useFormat();
  return (
    <Stack>
      <Alert color="teal" role="status">
        {text.once(shortTime(link.expires_at))}
      </Alert>
      <CopyText label={text.label} value={link.url ?? `${location.origin}${basePath}${link.path}`} />
    </Stack>
  );
}

const texts = {
  de: {
    label: "Einrichtungslink",
    once: (until: string) =>
      `Schicken Sie diesen Link der Person auf einem sicheren Weg. Er gilt einmal, bis ${until}, und wird nur jetzt gezeigt.`,
  },
  en: {
    label: "Set-up link",
    once: (until: string) =>
      `Send this link to that person in a safe way. It works once, until ${until}, and is shown only now.`,
  },
};
