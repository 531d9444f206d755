// Changing a source; where its leads' fields come from has a page of its own (map-editor.tsx).
import { EditPage } from "../sources-and-destinations/edit-page.tsx";
import { storedOf } from "./stored-source.ts";

export default function EditSource() {
  return (
    <EditPage
      kind="sources"
      fieldsOf={({ sources: { fields } }) => fields.filter(({ name }) => name !== "map")}
      storedOf={storedOf}
    />
  );
}
