// Destinations that take turns: each lead of a source goes to one of a group, evenly or by weights.
import { Button, Checkbox, Fieldset, Group, NumberInput, Stack, Switch } from "@mantine/core";
import type { DistributionGroup, Share } from "../../../src/domain/leads/distribution.ts";
import { weightMax } from "../../../src/domain/leads/distribution.ts";
import { useTexts } from "../../language/language.tsx";

export interface DistributionGroupsProps {
  readonly groups: readonly DistributionGroup[];
  /** Those that are in no group, and are not chosen for every lead. */
  readonly free: readonly string[];
  readonly onChange: (groups: readonly DistributionGroup[]) => void;
}

export function DistributionGroups({ groups, free, onChange }: DistributionGroupsProps) {
  const text = useTexts(texts);
  return (
    <Stack gap="xs" ms="xl">
      {groups.map((group, index) => (
        // Groups have no name of their own, and keep their order.
        <OneGroup
          key={index}
          number={index + 1}
          group={group}
          free={free}
          onChange={(changed) => onChange(groups.with(index, changed))}
          onRemove={() => onChange(groups.toSpliced(index, 1))}
        />
      ))}
      {free.length < 2 ? null : (
        <Group>
          <Button
            variant="default"
            size="xs"
            onClick={() => onChange([...groups, { members: [], skipPaused: false }])}
          >
            {text.add}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface OneGroupProps {
  readonly number: number;
  readonly group: DistributionGroup;
  readonly free: readonly string[];
  readonly onChange: (group: DistributionGroup) => void;
  readonly onRemove: () => void;
}

function OneGroup({ number, group, free, onChange, onRemove }: OneGroupProps) {
  const text = useTexts(texts);
  const { members } = group;
  const names = [...members.map(({ destination }) => destination), ...free].toSorted();
  const total = members.reduce((sum, { weight }) => sum + weight, 0);
  const put = (changed: readonly Share[]): void => onChange({ ...group, members: changed });
  return (
    <Fieldset legend={text.legend(number)}>
      <Stack gap="xs">
        {names.map((name) => {
          const at = members.findIndex(({ destination }) => destination === name);
          const share = members[at];
          return (
            <Group key={name} gap="sm">
              <Checkbox
                label={name}
                checked={share !== undefined}
                onChange={() =>
                  put(
                    share === undefined
                      ? [...members, { destination: name, weight: 1 }]
                      : members.toSpliced(at, 1),
                  )
                }
              />
              {share === undefined ? null : (
                <NumberInput
                  aria-label={text.weight(name)}
                  size="xs"
                  w="6rem"
                  min={1}
                  max={weightMax}
                  allowDecimal={false}
                  value={share.weight}
                  suffix={` ${text.of(total)}`}
                  onChange={(weight) =>
                    put(members.with(at, { destination: name, weight: Number(weight) || 1 }))
                  }
                />
              )}
            </Group>
          );
        })}
        <Switch
          label={text.skipPaused}
          description={text.skipPausedWhy}
          checked={group.skipPaused}
          onChange={(event) => onChange({ ...group, skipPaused: event.currentTarget.checked })}
        />
        <Group>
          <Button variant="subtle" size="xs" onClick={onRemove}>
            {text.remove}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

const texts = {
  de: {
    add: "Leads auf mehrere Ziele verteilen …",
    legend: (number: number) => `Verteilung ${number}: jeder Lead an eines davon`,
    weight: (name: string) => `Anteil von ${name}`,
    of: (total: number) => `von ${total}`,
    skipPaused: "Angehaltene Ziele auslassen",
    skipPausedWhy: "Ihr Anteil geht dann an die anderen; sonst werden ihre Leads für sie aufbewahrt.",
    remove: "Verteilung entfernen",
  },
  en: {
    add: "Distribute leads among several destinations …",
    legend: (number: number) => `Distribution ${number}: each lead to one of these`,
    weight: (name: string) => `Share of ${name}`,
    of: (total: number) => `of ${total}`,
    skipPaused: "Leave out paused destinations",
    skipPausedWhy: "Their share then goes to the others; otherwise their leads are kept for them.",
    remove: "Remove distribution",
  },
};
