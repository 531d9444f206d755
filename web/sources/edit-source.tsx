// Changing a source.
import { EditPage } from "../sources-and-destinations/edit-page.tsx";
import { storedOf } from "./stored-source.ts";

export default function EditSource() {
  return <EditPage kind="sources" fieldsOf={({ sources: { fields } }) => fields} storedOf={storedOf} />;
}
