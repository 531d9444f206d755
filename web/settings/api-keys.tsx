// What programs call the API with: making keys and revoking them.
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ofKnown } from "../../src/domain/attention/state-words.ts";
import { call } from "../api/client.ts";
import { useList } from "../api/list.ts";
import type { ApiKey } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { roleNames } from "../language/role-names.ts";
import { DataTable } from "../ui/data-table.tsx";
import { Empty } from "../ui/empty.tsx";
import { ListState } from "../ui/list-state.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";
import { State } from "../ui/state.tsx";
import { Time } from "../ui/time.tsx";
import { Rights } from "./rights.tsx";
import { NewApiKey } from "./new-api-key.tsx";
import { SettingsPage } from "./settings-page.tsx";

export default function ApiKeys() {
  const text = useTexts(texts);
  const roles = useTexts(roleNames);
  const [isAdding, adding] = useDisclosure(false);
  const list = useList("api-keys", "GET /api-keys");
  return (
    <SettingsPage part="apiKeys" actions={<Button onClick={adding.open}>{text.add}</Button>}>
      <NewApiKey isOpen={isAdding} onClose={adding.close} />
      <ListState list={list} empty={<Empty title={text.empty} explanation={text.emptyWhy} />}>
        {(keys) => (
          <DataTable
            caption={text.caption}
            rows={keys}
            keyOf={({ key_id: id }) => id}
            columns={[
              { name: text.name, isRowHeader: true, cell: ({ name }) => name },
              { name: text.begins, cell: ({ prefix }) => <code>{prefix}…</code> },
              {
                name: text.role,
                cell: ({ role, clients }) => (
                  <Rights role={ofKnown<string>(roles, role, role)} clients={clients} />
                ),
              },
              { name: text.state, cell: (key) => <Standing apiKey={key} /> },
              {
                name: text.lastUsed,
                cell: ({ last_used_at: at }) => (at === null ? text.never : <Time iso={at} />),
              },
              {
                name: text.actions,
                cell: (key) => (key.revoked_at === null ? <Revoke apiKey={key} /> : "–"),
              },
            ]}
          />
        )}
      </ListState>
    </SettingsPage>
  );
}

function Standing({ apiKey }: { readonly apiKey: ApiKey }) {
  const text = useTexts(texts);
  const [now] = useState(() => new Date().toISOString());
  if (apiKey.revoked_at !== null) return <State tone="quiet">{text.revoked}</State>;
  if (apiKey.expires_at === null) return <State tone="good">{text.valid}</State>;
  if (apiKey.expires_at <= now) return <State tone="quiet">{text.expired}</State>;
  return (
    <State tone="good">
      {text.validUntil} <Time iso={apiKey.expires_at} />
    </State>
  );
}

function Revoke({ apiKey }: { readonly apiKey: ApiKey }) {
  const text = useTexts(texts);
  const queries = useQueryClient();
  const [isOpen, { open, close }] = useDisclosure(false);
  const revoking = useMutation({
    mutationFn: () => call("POST /api-keys/:key_id/revoke", { params: { key_id: apiKey.key_id } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["api-keys"] });
      close();
    },
  });
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        onClick={open}
        aria-label={`${text.revoke}: ${apiKey.name}`}
      >
        {text.revoke}
      </Button>
      <ReasonDialog
        title={text.revokeTitle(apiKey.name)}
        explanation={text.revokeWhat}
        button={text.revoke}
        isDangerous
        asksReason={false}
        isOpen={isOpen}
        isPending={revoking.isPending}
        error={revoking.error}
        onConfirm={() => revoking.mutate()}
        onClose={close}
      />
    </>
  );
}

const texts = {
  de: {
    add: "API-Schlüssel erstellen",
    caption: "API-Schlüssel",
    empty: "Noch keine API-Schlüssel",
    emptyWhy: "Ein API-Schlüssel lässt ein Programm die Schnittstelle benutzen, etwa für Auswertungen.",
    name: "Wofür",
    begins: "Beginnt mit",
    role: "Rolle",
    state: "Stand",
    lastUsed: "Zuletzt benutzt",
    never: "noch nie",
    actions: "Aktionen",
    revoked: "Widerrufen",
    expired: "Abgelaufen",
    valid: "Gültig",
    validUntil: "Gültig bis",
    revoke: "Widerrufen",
    revokeTitle: (name: string) => `„${name}“ widerrufen?`,
    revokeWhat:
      "Programme mit diesem API-Schlüssel werden ab sofort abgewiesen. Das lässt sich nicht rückgängig machen.",
  },
  en: {
    add: "Make a key",
    caption: "API keys",
    empty: "No keys yet",
    emptyWhy: "A key lets a program use the API, for reports for example.",
    name: "What for",
    begins: "Begins with",
    role: "Role",
    state: "State",
    lastUsed: "Last used",
    never: "never",
    actions: "Actions",
    revoked: "Revoked",
    expired: "Expired",
    valid: "Valid",
    validUntil: "Valid until",
    revoke: "Revoke",
    revokeTitle: (name: string) => `Revoke “${name}”?`,
    revokeWhat: "Programs with this key are refused from now on. It cannot be undone.",
  },
};
