// What stands in place of a view that could not be loaded, or that broke: the rest of the page goes on.
import { Button } from "@mantine/core";
import { Component } from "react";
import type { ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { Empty } from "../ui/empty.tsx";

interface ViewFailureProps {
  /** Where one is: another place tries its own view. */
  readonly place: string;
  readonly children: ReactNode;
}

interface ViewFailureState {
  readonly hasFailed: boolean;
}

export class ViewFailure extends Component<ViewFailureProps, ViewFailureState> {
  override state: ViewFailureState = { hasFailed: false };

  static getDerivedStateFromError(): ViewFailureState {
    return { hasFailed: true };
  }

  override componentDidUpdate({ place }: ViewFailureProps): void {
    if (this.state.hasFailed && place !== this.props.place) this.setState({ hasFailed: false });
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <Failed /> : this.props.children;
  }
}

function Failed() {
  const text = useTexts(texts);
  return (
    <div role="alert">
      <Empty title={text.title} explanation={text.explanation}>
        <Button mt="sm" onClick={() => location.reload()}>
          {text.reload}
        </Button>
      </Empty>
    </div>
  );
}

const texts = {
  de: {
    title: "Dieser Teil der Seite konnte nicht geladen werden",
    explanation:
      "Der Server antwortet gerade nicht, oder LeadLedger wurde inzwischen aktualisiert. An den Leads ändert das nichts. Laden Sie die Seite neu.",
    reload: "Seite neu laden",
  },
  en: {
    title: "This part of the page could not be loaded",
    explanation:
      "The server does not answer right now, or LeadLedger has been updated meanwhile. Nothing about the leads changes by it. Reload the page.",
    reload: "Reload the page",
  },
};
