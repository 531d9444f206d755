// What an admin may do to one account.
import { ActionIcon, Menu, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import type { Role, User } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";
import { ClientsLimit } from "./clients-limit.tsx";
import { RoleChoice } from "./role-choice.tsx";
import { SetupLink } from "./setup-link.tsx";

interface UserActionsProps {
  readonly user: User;
  readonly isOneself: boolean;
}

export function UserActions({ user, isOneself }: UserActionsProps) {
  const text = useTexts(texts);
  const [isShutting, shutting] = useDisclosure(false);
  const [isChangingRole, changingRole] = useDisclosure(false);
  const change = useChangeUser(user);
  const link = useMutation({
    mutationFn: () => call("POST /users/:user_id/setup-links", { params: { user_id: user.user_id } }),
  });
  const isDisabled = user.disabled_at !== null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size="md" aria-label={text.menu(user.display_name)}>
            <IconDots size={17} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={changingRole.open}>{text.role}</Menu.Item>
          <Menu.Item onClick={() => link.mutate()} disabled={isDisabled}>
            {text.link}
          </Menu.Item>
          {isOneself ? null : (
            <Menu.Item onClick={isDisabled ? () => change.mutate({ disabled: false }) : shutting.open}>
              {isDisabled ? text.letIn : text.shutOut}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <ReasonDialog
        title={text.shutOutTitle(user.display_name)}
        explanation={text.shutOutWhat}
        button={text.shutOut}
        isDangerous
        asksReason={false}
        isOpen={isShutting}
        isPending={change.isPending}
        error={change.error}
        onConfirm={() => change.mutate({ disabled: true }, { onSuccess: shutting.close })}
        onClose={shutting.close}
      />
      {change.error === null || isShutting ? null : <ProblemAlert error={change.error} />}
      {isChangingRole ? <ChangeRole user={user} onClose={changingRole.close} /> : null}
      <Dialog isOpen={!link.isIdle && !link.isPending} onClose={link.reset} title={text.link}>
        {link.data === undefined ? null : <SetupLink link={link.data} />}
        {link.error === null ? null : <ProblemAlert error={link.error} />}
      </Dialog>
    </>
  );
}

function ChangeRole({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const text = useTexts(texts);
  const [role, setRole] = useState<Role>(user.role);
  const [clients, setClients] = useState(user.clients);
  const change = useChangeUser(user);
  return (
    <ReasonDialog
      title={text.roleOf(user.display_name)}
      explanation={
        <Stack>
          <RoleChoice role={role} onChange={setRole} />
          <ClientsLimit clients={clients} onChange={setClients} />
        </Stack>
      }
      button={text.save}
      asksReason={false}
      isOpen
      isPending={change.isPending}
      error={change.error}
      onConfirm={() => change.mutate({ role, clients }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

function useChangeUser({ user_id: id }: User) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: {
      readonly role?: Role;
      readonly clients?: readonly string[] | null;
      readonly disabled?: boolean;
    }) => call("PATCH /users/:user_id", { params: { user_id: id }, body: change }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["users"] }),
  });
}

const texts = {
  de: {
    menu: (name: string) => `Aktionen für ${name}`,
    role: "Rechte ändern",
    roleOf: (name: string) => `Rechte von ${name}`,
    save: "Speichern",
    link: "Neuer Einrichtungslink",
    letIn: "Wieder zulassen",
    shutOut: "Sperren",
    shutOutTitle: (name: string) => `${name} sperren?`,
    shutOutWhat:
      "Die Person wird sofort überall abgemeldet und kann sich nicht mehr anmelden. Was sie getan hat, bleibt im Protokoll.",
  },
  en: {
    menu: (name: string) => `Actions for ${name}`,
    role: "Change rights",
    roleOf: (name: string) => `Rights of ${name}`,
    save: "Save",
    link: "New set-up link",
    letIn: "Let in again",
    shutOut: "Shut out",
    shutOutTitle: (name: string) => `Shut ${name} out?`,
    shutOutWhat:
      "They are signed out everywhere at once and can sign in no more. What they did stays in the log.",
  },
};
