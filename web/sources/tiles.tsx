// Where leads come from: what the set-up of a source begins with.
import { Anchor, Text } from "@mantine/core";
import { Link } from "wouter";
import type { Forms } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import classes from "./tiles.module.css";

type Tile = Forms["sources"]["tiles"][number];

export function Tiles({ tiles }: { readonly tiles: readonly Tile[] }) {
  const text = useTexts(texts);
  return (
    <>
      <nav aria-label={text.from}>
        <ul className={classes.tiles}>
          {tiles.map(({ id, label, help, set_ups: ways }) => {
            const [only, ...others] = ways;
            const isOne = only !== undefined && others.length === 0;
            return (
              <li key={id}>
                <Choice
                  href={isOne ? hrefOf(only.id) : `/sources/new?tile=${id}`}
                  label={label}
                  about={help}
                />
              </li>
            );
          })}
        </ul>
      </nav>
      <Anchor component={Link} href="/sources/new?set-up=none" underline="always">
        {text.allSettings}
      </Anchor>
    </>
  );
}

/** Within a tile: each way with what it costs and loses. */
export function Ways({ tile }: { readonly tile: Tile }) {
  const text = useTexts(texts);
  return (
    <>
      <nav aria-label={tile.label}>
        <ul className={classes.ways}>
          {tile.set_ups.map(({ id, label, about }) => (
            <li key={id}>
              <Choice href={hrefOf(id)} label={label} about={about} />
            </li>
          ))}
        </ul>
      </nav>
      <Anchor component={Link} href="/sources/new" underline="always">
        {text.back}
      </Anchor>
    </>
  );
}

function hrefOf(setUp: string): string {
  return `/sources/new?set-up=${setUp}`;
}

interface ChoiceProps {
  readonly href: string;
  readonly label: string;
  readonly about: string;
}

function Choice({ href, label, about }: ChoiceProps) {
  return (
    <Link href={href} className={classes.choice ?? ""}>
      <Text fw={600} component="span">
        {label}
      </Text>
      <Text size="sm" c="dimmed" component="span">
        {about}
      </Text>
    </Link>
  );
}

const texts = {
  de: {
    from: "Woher kommen die Leads?",
    allSettings: "Ohne Anleitung, mit allen Einstellungen",
    back: "Andere Herkunft wählen",
  },
  en: {
    from: "Where do the leads come from?",
    allSettings: "Without a guide, with all settings",
    back: "Choose another origin",
  },
};
