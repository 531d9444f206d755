// The receiver's own fields, asked of it: what can be picked in a map, what it must get, and a field that is made there.
import { Button, Group, Text } from "@mantine/core";
import { IconPlus, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import type { RemoteField, RemoteFields } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { State } from "../ui/state.tsx";

const keyOf = (name: string) => ["remote-fields", name] as const;

/** Asked once; people ask again when they have changed something there. */
export function useReceiverFields(name: string) {
  return useQuery({
    queryKey: keyOf(name),
    queryFn: ({ signal }) => call("GET /destinations/:name/fields", { params: { name }, signal }),
    retry: false,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
}

interface NoteProps {
  readonly query: ReturnType<typeof useReceiverFields>;
  /** Fields that nothing is taken without, and that the map gives nothing. */
  readonly unmapped: readonly RemoteField[];
  readonly onAdd: (target: string) => void;
}

/** Nothing, where receivers of this kind cannot be asked. */
export function ReceiverFieldsNote({ query, unmapped, onAdd }: NoteProps) {
  const text = useTexts(texts);
  const { data, error, isFetching, refetch } = query;
  if (error !== null) return <ProblemAlert error={error} />;
  if (data === undefined)
    return (
      <Text size="sm" c="dimmed">
        {isFetching ? text.reading : ""}
      </Text>
    );
  if (data.fields === null && data.error_code === null) return null;
  return (
    <div role="status">
      <Group gap="sm" align="center">
        {data.fields === null ? (
          <State tone="bad">{text.unread}</State>
        ) : (
          <State tone="good">{text.read(data.fields.length)}</State>
        )}
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          loading={isFetching}
          onClick={() => void refetch()}
        >
          {text.again}
        </Button>
      </Group>
      {data.message === null ? null : <Text size="sm">{data.message}</Text>}
      {unmapped.map(({ target, label }) => (
        <Group key={target} gap="sm" mt={6}>
          <Text size="sm" c="red">
            {text.unmapped(label)}
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => onAdd(target)}>
            {text.add(label)}
          </Button>
        </Group>
      ))}
    </div>
  );
}

interface UnknownProps {
  readonly name: string;
  readonly target: string;
  readonly canCreate: boolean;
  /** The map names it as the receiver does. */
  readonly onCreated: (target: string) => void;
}

/** Of a target that the receiver has no field for. */
export function UnknownField({ name, target, canCreate, onCreated }: UnknownProps) {
  const text = useTexts(texts);
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: () => call("POST /destinations/:name/fields", { params: { name }, body: { label: target } }),
    onSuccess: ({ field }) => {
      if (field === null) return;
      queries.setQueryData<RemoteFields>(keyOf(name), (known) =>
        known == null ? known : { ...known, fields: [...(known.fields ?? []), field] },
      );
      onCreated(field.target);
    },
  });
  return (
    <div>
      <Text size="sm" c="red">
        {text.unknown}
      </Text>
      {canCreate ? (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          loading={create.isPending}
          onClick={() => create.mutate()}
        >
          {text.create(target)}
        </Button>
      ) : null}
      {create.data?.message == null ? null : <Text size="sm">{create.data.message}</Text>}
      {create.error === null ? null : <ProblemAlert error={create.error} />}
    </div>
  );
}

const texts = {
  de: {
    reading: "Die Felder des Empfängers werden gelesen …",
    unread: "Die Felder des Empfängers ließen sich nicht lesen",
    read: (count: number) =>
      count === 1 ? "1 Feld beim Empfänger gefunden" : `${count} Felder beim Empfänger gefunden`,
    again: "Neu lesen",
    unmapped: (label: string) => `Der Empfänger nimmt nichts ohne „${label}“`,
    add: (label: string) => `Zeile für ${label} hinzufügen`,
    unknown: "Dieses Feld hat der Empfänger nicht",
    create: (target: string) => `„${target}“ dort anlegen`,
  },
  en: {
    reading: "Reading the receiver's fields …",
    unread: "The receiver's fields could not be read",
    read: (count: number) =>
      count === 1 ? "Found 1 field at the receiver" : `Found ${count} fields at the receiver`,
    again: "Read again",
    unmapped: (label: string) => `The receiver takes nothing without “${label}”`,
    add: (label: string) => `Add a line for ${label}`,
    unknown: "The receiver has no such field",
    create: (target: string) => `Make “${target}” there`,
  },
};
