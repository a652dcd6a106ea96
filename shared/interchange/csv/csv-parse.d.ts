/* The part of csv-parse that is used here: its own types name Node's. */
declare module 'csv-parse/browser/esm/sync' {
  export type Options = {
    readonly delimiter: string;
    readonly record_delimiter: string;
    readonly relax_quotes: boolean;
    readonly relax_column_count: boolean;
    readonly skip_records_with_error: boolean;
    readonly max_record_size: number;
    readonly to: number;
    readonly info: true;
    readonly on_skip: (error: { readonly code: string } | undefined) => undefined;
  };
  export function parse(
    text: string,
    options: Options,
  ): { readonly info: { readonly lines: number }; readonly record: string[] }[];
}
