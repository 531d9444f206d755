// A table of rows of one kind. On a phone each row is a small card of its own, with the columns' names beside the values.
import { Table } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./data-table.module.css";

export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  readonly isNumber?: boolean;
  /** What names the row, for screen readers: one column of a table. */
  readonly isRowHeader?: boolean;
  /** Of all rows; where a column has one, the table ends in a row of them. */
  readonly total?: ReactNode;
}

interface DataTableProps<Row> {
  /** What the table shows; read aloud, not shown. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
}

export function DataTable<Row>({ caption, columns, rows, keyOf }: DataTableProps<Row>) {
  return (
    <Table className={classes.table} highlightOnHover verticalSpacing="xs">
      <caption className={classes.caption}>{caption}</caption>
      <Table.Thead>
        <Table.Tr>
          {columns.map(({ name, isNumber = false }) => (
            <Table.Th key={name} scope="col" ta={isNumber ? "end" : "start"}>
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={keyOf(row)}>
            {columns.map(({ name, cell, isNumber = false, isRowHeader = false }) => (
              <Table.Td
                key={name}
                component={isRowHeader ? "th" : "td"}
                {...(isRowHeader ? { scope: "row" as const } : {})}
                data-name={name}
                className={isNumber ? classes.number : undefined}
              >
                {cell(row)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
      {columns.some(({ total }) => total !== undefined) ? <Totals columns={columns} /> : null}
    </Table>
  );
}

function Totals<Row>({ columns }: Pick<DataTableProps<Row>, "columns">) {
  return (
    <Table.Tfoot>
      <Table.Tr>
        {columns.map(({ name, total, isNumber = false, isRowHeader = false }) => (
          <Table.Td
            key={name}
            component={isRowHeader ? "th" : "td"}
            {...(isRowHeader ? { scope: "row" as const } : {})}
            data-name={name}
            className={isNumber ? classes.number : undefined}
          >
            {total}
          </Table.Td>
        ))}
      </Table.Tr>
    </Table.Tfoot>
  );
}
