// Colours and shapes. Every pair of text and background has at least the contrast of WCAG 2.2 AA; the browser tests look.
import { Modal, createTheme } from "@mantine/core";
import type { MantineColorsTuple } from "@mantine/core";

const sea: MantineColorsTuple = [
  "#e8f7f5",
  "#d2ecea",
  "#a3d9d4",
  "#71c4bd",
  "#4ab3ab",
  "#31a79f",
  "#1d948c",
  "#0b7a73",
  "#0a6660",
  "#05504b",
];

export const theme = createTheme({
  colors: { sea },
  primaryColor: "sea",
  primaryShade: { light: 8, dark: 7 },
  defaultRadius: "md",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
  headings: { fontWeight: "650" },
  respectReducedMotion: true,
  components: {
    // A header of its own would be a second banner of the page.
    ModalHeader: { defaultProps: { component: "div" } },
    // It would write styles into the page by itself, which the content security policy refuses.
    Modal: Modal.extend({ defaultProps: { lockScroll: false, centered: true } }),
  },
});
