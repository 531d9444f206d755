// Who may sign in: making accounts, changing roles, set-up links, and shutting somebody out.
import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { ofKnown } from "../../src/domain/attention/state-words.ts";
import { useList } from "../api/list.ts";
import { useSession } from "../api/session.ts";
import type { User } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { roleNames } from "../language/role-names.ts";
import { DataTable } from "../ui/data-table.tsx";
import { Empty } from "../ui/empty.tsx";
import { ListState } from "../ui/list-state.tsx";
import { State } from "../ui/state.tsx";
import { Time } from "../ui/time.tsx";
import { Rights } from "./rights.tsx";
import { NewUser } from "./new-user.tsx";
import { SettingsPage } from "./settings-page.tsx";
import { UserActions } from "./user-actions.tsx";

export default function Users() {
  const text = useTexts(texts);
  const roles = useTexts(roleNames);
  const own = useSession().user?.user_id;
  const [isAdding, adding] = useDisclosure(false);
  const list = useList("users", "GET /users");
  return (
    <SettingsPage part="users" actions={<Button onClick={adding.open}>{text.add}</Button>}>
      <NewUser isOpen={isAdding} onClose={adding.close} />
      <ListState list={list} empty={<Empty title={text.empty} explanation={text.emptyWhy} />}>
        {(users) => (
          <DataTable
            caption={text.caption}
            rows={users}
            keyOf={({ user_id: id }) => id}
            columns={[
              {
                name: text.name,
                isRowHeader: true,
                cell: ({ display_name: name, login }) => (
                  <div>
                    {name}
                    <Text size="sm" c="dimmed" fw={400}>
                      {login}
                    </Text>
                  </div>
                ),
              },
              {
                name: text.role,
                cell: ({ role, clients }) => (
                  <Rights role={ofKnown<string>(roles, role, role)} clients={clients} />
                ),
              },
              { name: text.state, cell: (user) => <Standing user={user} /> },
              {
                name: text.lastSeen,
                cell: ({ signed_in_at: at }) => (at === null ? text.never : <Time iso={at} />),
              },
              {
                name: text.actions,
                cell: (user) => <UserActions user={user} isOneself={user.user_id === own} />,
              },
            ]}
          />
        )}
      </ListState>
    </SettingsPage>
  );
}

function Standing({ user }: { readonly user: User }) {
  const text = useTexts(texts);
  // Read once: the page does not count down.
  const [now] = useState(() => new Date().toISOString());
  if (user.disabled_at !== null) return <State tone="quiet">{text.disabled}</State>;
  if (user.locked_until !== null && user.locked_until > now) {
    return (
      <Group gap={4}>
        <State tone="bad">{text.lockedUntil}</State> <Time iso={user.locked_until} />
      </Group>
    );
  }
  return user.has_password ? (
    <State tone="good">{text.active}</State>
  ) : (
    <State tone="waiting">{text.invited}</State>
  );
}

const texts = {
  de: {
    add: "Benutzer anlegen",
    caption: "Benutzer",
    empty: "Noch keine Benutzer",
    emptyWhy: "Legen Sie das erste Konto an.",
    name: "Name",
    role: "Rolle",
    state: "Stand",
    lastSeen: "Zuletzt angemeldet",
    never: "noch nie",
    actions: "Aktionen",
    disabled: "Gesperrt",
    lockedUntil: "Zu viele falsche Passwörter, gesperrt bis",
    active: "Aktiv",
    invited: "Wartet auf das erste Passwort",
  },
  en: {
    add: "Add a user",
    caption: "Users",
    empty: "No users yet",
    emptyWhy: "Make the first account.",
    name: "Name",
    role: "Role",
    state: "State",
    lastSeen: "Last signed in",
    never: "never",
    actions: "Actions",
    disabled: "Shut out",
    lockedUntil: "Too many wrong passwords, locked until",
    active: "Active",
    invited: "Waits for a first password",
  },
};
