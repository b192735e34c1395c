/** A value of a query's result, as JSON has it. */
export type QueryValue =
  null | string | number | boolean | readonly QueryValue[] | { readonly [key: string]: QueryValue };

/** What a query is answered with: a name and a type for each column, as SQL writes them, and rows as they come. */
export interface QueryAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: AsyncIterable<readonly (readonly QueryValue[])[]>;
}
