// Where leads of a source go: to all destinations, or to some of them.
import { Checkbox, Input, Radio, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import type { DistributionGroup } from "../../../src/domain/leads/distribution.ts";
import { useTexts } from "../../language/language.tsx";
import { DistributionGroups } from "./distribution-groups.tsx";
import type { FieldProps } from "./field-props.ts";
import { HelpText } from "./help-text.tsx";

const destinationsMax = 500;

export function DestinationsField({ field, value, problems, client, onChange }: FieldProps) {
  const text = useTexts(texts);
  const isOpen = value?.kind === "unchosen";
  const chosen = value?.kind === "names" ? value.names : null;
  const groups = (value?.kind === "names" ? value.groups : undefined) ?? [];
  const inGroups = groups.flatMap(({ members }) => members.map(({ destination }) => destination));
  const choose = (names: readonly string[], changed: readonly DistributionGroup[]): void =>
    onChange(changed.length === 0 ? { kind: "names", names } : { kind: "names", names, groups: changed });
  const destinations = useQuery({
    queryKey: ["destinations", "names"],
    queryFn: () =>
      call("GET /destinations", {
        query: { enabled: true, limit: destinationsMax },
      }),
  });
  const own = destinations.data?.items.filter((each) => (each.client ?? "") === client) ?? [];
  const there = own.map(({ name }) => name);
  // What was chosen and is there no more can be taken away, too.
  const names = [...new Set([...there, ...(chosen ?? [])])]
    .filter((name) => !inGroups.includes(name))
    .toSorted();
  const free = names.filter((name) => chosen?.includes(name) !== true);
  return (
    <Stack gap="xs">
      <Radio.Group
        label={field.label}
        description={<HelpText>{field.help}</HelpText>}
        value={isOpen ? "" : chosen === null ? "all" : "some"}
        onChange={(which) => onChange({ kind: "names", names: which === "all" ? null : [] })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="all" label={text.all} />
          <Radio value="some" label={text.some} />
        </Stack>
      </Radio.Group>
      {chosen === null ? null : (
        <Checkbox.Group
          aria-label={text.some}
          ms="xl"
          value={[...chosen]}
          onChange={(picked) => choose(picked, groups)}
        >
          <Stack gap="xs">
            {names.map((name) => (
              <Checkbox key={name} value={name} label={name} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      {chosen === null ? null : (
        <DistributionGroups groups={groups} free={free} onChange={(changed) => choose(chosen, changed)} />
      )}
      {(chosen?.length === 0 && inGroups.length === 0) ||
      (chosen === null && destinations.data !== undefined && own.length === 0) ? (
        <Text size="sm" c="var(--healing)" role="status">
          {there.length === 0 ? text.noneYet : text.nobody}
        </Text>
      ) : null}
      {problems.length === 0 ? null : <Input.Error role="alert">{problems.join(" ")}</Input.Error>}
    </Stack>
  );
}

const texts = {
  de: {
    all: "An alle Ziele, auch an künftige",
    some: "Nur an diese, jeden Lead",
    nobody: "So bekommt niemand die Leads; aufbewahrt werden sie trotzdem.",
    noneYet: "Noch gibt es kein Ziel: Leads werden aufbewahrt, aber niemand bekommt sie.",
  },
  en: {
    all: "To all destinations, those of the future too",
    some: "Only to these, every lead",
    nobody: "Like this nobody gets the leads: they are only kept.",
    noneYet: "There is no destination yet: leads are kept, but nobody gets them.",
  },
};
