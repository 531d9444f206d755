// What is to do in the sender's system, step by step, with the source's own address and, this once, its secret.
import { Code, List, NativeSelect, Stack, Text } from "@mantine/core";
import { Fragment, useState } from "react";
import type { Source } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { useForms, useFresh } from "../sources-and-destinations/part-queries.ts";
import { Card } from "../ui/card.tsx";
import { useSearchValues } from "../ui/search-value.ts";
import classes from "../ui/form/form.module.css";
import { useSamples } from "./samples.ts";

interface SetUpGuideProps {
  readonly source: Source;
  /** No lead has come yet. */
  readonly isNew: boolean;
}

export function SetUpGuide({ source, isNew }: SetUpGuideProps) {
  const text = useTexts(texts);
  const [search] = useSearchValues();
  const asked = search.get("set-up");
  const [chosen, setChosen] = useState(asked);
  const ways = (useForms().data?.sources.tiles ?? [])
    .flatMap(({ label, set_ups: setUps }) => setUps.map((each) => ({ ...each, tile: label })))
    .filter(({ kind }) => kind === source.auth.kind);
  const way = ways.find(({ id }) => id === chosen) ?? ways[0];
  if (way === undefined) return null;
  const { via: said } = source as { readonly via?: unknown };
  const via = typeof said === "string" ? said : null;
  const shared = via === null ? null : way.shared_steps;
  const title = shared === null ? text.title : text.here;
  const nameOf = ({ tile, label }: typeof way): string => (tile === label ? label : `${tile}: ${label}`);
  return (
    <Card title={title}>
      <details className={classes.guide} open={isNew || asked !== null}>
        <summary>{nameOf(way)}</summary>
        <Stack gap="md" mt="sm">
          {ways.length < 2 ? null : (
            <NativeSelect
              label={text.which}
              data={ways.map((each) => ({ value: each.id, label: nameOf(each) }))}
              value={way.id}
              onChange={(event) => setChosen(event.currentTarget.value)}
            />
          )}
          {shared === null ? (
            <Text size="sm" c="dimmed">
              {way.about}
            </Text>
          ) : null}
          <List type="ordered" spacing="xs" aria-label={title}>
            {(shared ?? way.steps).map((step) => (
              <List.Item key={step}>
                <Step step={step} name={source.name} via={via} />
              </List.Item>
            ))}
          </List>
        </Stack>
      </details>
    </Card>
  );
}

interface StepProps {
  readonly step: string;
  readonly name: string;
  /** The source whose address it shares; null: it has its own. */
  readonly via: string | null;
}

function Step({ step, name, via }: StepProps) {
  const text = useTexts(texts);
  const [fresh] = useFresh("sources", name);
  const address = useSamples(name).data?.url ?? "…";
  const secret = fresh?.secret ?? text.secret;
  return step
    .split(/(\{address\}\/\{secret\}|\{address\}|\{secret\}|\{via\})/)
    .map((part, index) => ({ part, key: `${index} ${part}` }))
    .map(({ part, key }) =>
      part.startsWith("{") && part.endsWith("}") ? (
        <Code key={key} className={classes.value ?? ""}>
          {part
            .replace("{address}", address)
            .replace("{secret}", secret)
            .replace("{via}", via ?? "")}
        </Code>
      ) : (
        <Fragment key={key}>{part}</Fragment>
      ),
    );
}

const texts = {
  de: {
    title: "Beim Absender einrichten",
    here: "Was hier einzutragen ist",
    which: "Womit senden Sie?",
    secret: "GEHEIMNIS",
  },
  en: {
    title: "Set up at the sender",
    here: "What to enter here",
    which: "What do you send with?",
    secret: "SECRET",
  },
};
