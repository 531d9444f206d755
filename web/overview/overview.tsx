// The first view: how things are today.
import { useTexts } from "../language/language.tsx";
import { Page } from "../parts/page.tsx";

export default function Overview() {
  const text = useTexts(texts);
  return <Page title={text.title}>{null}</Page>;
}

const texts = { de: { title: "Übersicht" }, en: { title: "Overview" } };
