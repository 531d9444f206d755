// One field for whatever somebody knows of a lead; it says what it took the text for.
import { ActionIcon, Alert, Anchor, Button, Group, Text, TextInput } from "@mantine/core";
import { IconSearch, IconX } from "@tabler/icons-react";
import { Fragment, useState } from "react";
import { useMay } from "../api/session.ts";
import { useTexts } from "../language/language.tsx";
import { useSearchValues } from "../ui/search-value.ts";
import { isPersonal, saidKinds, searchOf } from "./lead-query.ts";
import type { Search } from "./lead-query.ts";
import classes from "./leads.module.css";

export function LeadSearch() {
  const text = useTexts(texts);
  const [address, change] = useSearchValues();
  const search = searchOf(address);
  const inAddress = search?.text ?? "";
  const [typed, setTyped] = useState(inAddress);
  // Going back, or a search that is cleared elsewhere, changes the address.
  const [followed, setFollowed] = useState(inAddress);
  if (followed !== inAddress) {
    setFollowed(inAddress);
    setTyped(inAddress);
  }
  const look = (wanted: string): void => change({ q: wanted.trim(), as: "" });
  return (
    <div>
      <form
        role="search"
        aria-label={text.label}
        onSubmit={(event) => {
          event.preventDefault();
          look(typed);
        }}
      >
        <Group gap="xs" align="flex-end">
          <TextInput
            className={classes.searchField ?? ""}
            label={text.label}
            placeholder={text.placeholder}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            maxLength={320}
            autoComplete="off"
            spellCheck={false}
            leftSection={<IconSearch size={17} aria-hidden />}
            rightSection={
              typed === "" ? null : (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={text.clear}
                  onClick={() => {
                    setTyped("");
                    look("");
                  }}
                >
                  <IconX size={16} aria-hidden />
                </ActionIcon>
              )
            }
          />
          <Button type="submit">{text.search}</Button>
        </Group>
      </form>
      <div role="status">{search === null ? null : <TakenFor search={search} />}</div>
    </div>
  );
}

function TakenFor({ search: { kind, saidToBe } }: { readonly search: Search }) {
  const text = useTexts(texts);
  const mayFindPersons = useMay("persons.read");
  if (!mayFindPersons && isPersonal(kind)) {
    return (
      <Alert mt="sm" color="yellow" title={text.forbidden[kind]}>
        <Text size="sm">{text.forbiddenWhy}</Text>
        <SearchAs said="key">{text.as.key}</SearchAs>
      </Alert>
    );
  }
  return (
    <Text size="sm" c="dimmed" mt={6}>
      {text.takenFor[kind]}{" "}
      {saidKinds
        .filter((said) => said !== kind)
        .map((said) => (
          <Fragment key={said}>
            <SearchAs said={said}>{text.as[said]}</SearchAs>{" "}
          </Fragment>
        ))}
      {saidToBe === null ? null : <SearchAs said="">{text.asItLooks}</SearchAs>}
    </Text>
  );
}

function SearchAs({ said, children }: { readonly said: string; readonly children: string }) {
  const [, change] = useSearchValues();
  return (
    <Anchor
      component="button"
      type="button"
      size="sm"
      underline="always"
      onClick={() => change({ as: said })}
    >
      {children}
    </Anchor>
  );
}

const texts = {
  de: {
    label: "Lead suchen",
    placeholder: "Name, E-Mail, Telefon, Kennung oder Nummer",
    search: "Suchen",
    clear: "Suche leeren",
    takenFor: {
      id: "Gesucht nach der Nummer des Leads.",
      email: "Gesucht nach der E-Mail-Adresse; gefunden wird nur die ganze Adresse.",
      phone: "Gesucht nach der Telefonnummer; gefunden wird nur die ganze Nummer.",
      name: "Gesucht nach dem Nachnamen oder dem vollen Namen; gefunden werden nur ganze Wörter.",
      key: "Gesucht nach der Kennung, die der Absender dem Lead gab.",
      record: "Gesucht nach der Nummer, die der Lead bei einem Ziel hat.",
    },
    as: {
      key: "Stattdessen als Kennung suchen",
      record: "Als Nummer des Datensatzes bei einem Ziel suchen",
    },
    asItLooks: "Danach suchen, wonach es aussieht",
    forbidden: {
      email: "Nach einer E-Mail-Adresse können Sie mit Ihrer Rolle nicht suchen",
      phone: "Nach einer Telefonnummer können Sie mit Ihrer Rolle nicht suchen",
      name: "Nach einem Namen können Sie mit Ihrer Rolle nicht suchen",
    },
    forbiddenWhy:
      "Ihre Rolle sieht keine Personendaten. Suchen Sie nach der Kennung oder der Nummer des Leads, oder fragen Sie jemanden aus dem Vertrieb.",
  },
  en: {
    label: "Find a lead",
    placeholder: "Name, e-mail, phone, key or number",
    search: "Search",
    clear: "Clear the search",
    takenFor: {
      id: "Searched for by the lead's id.",
      email: "Searched for by e-mail address; only the whole address is found.",
      phone: "Searched for by phone number; only the whole number is found.",
      name: "Searched for by last name or full name; only whole words are found.",
      key: "Searched for by the key that the sender gave the lead.",
      record: "Searched for by the number that the lead has at a destination.",
    },
    as: {
      key: "Search as a key instead",
      record: "Search as the number of a record at a destination",
    },
    asItLooks: "Search for what it looks like",
    forbidden: {
      email: "Your role cannot search by e-mail address",
      phone: "Your role cannot search by phone number",
      name: "Your role cannot search by name",
    },
    forbiddenWhy:
      "Your role sees no person data. Search for the key or the id of the lead, or ask somebody in sales.",
  },
};
