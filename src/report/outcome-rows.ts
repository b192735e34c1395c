import type { InterfaceTally } from '../model/outcome.js';
import type { RuleTally, Tally } from '../model/tally.js';
import type { RowValues } from './table-rows.js';

/** A row of RULE_COLUMNS. */
export function ruleRow({ groupId, ...rest }: RuleTally): RowValues {
  return { group_id: groupId, ...rest };
}

/** A row of INTERFACE_COLUMNS. */
export function interfaceRow(tally: InterfaceTally): RowValues {
  const { eni, name, direction, allowed, dropped, notFiltered, notJudged } = tally;
  return {
    eni,
    name,
    direction,
    ...tallyOf('allowed', allowed),
    ...tallyOf('dropped', dropped),
    ...tallyOf('not_filtered', notFiltered),
    ...tallyOf('not_judged', notJudged),
  };
}

/** Packets and bytes as two columns. */
export const tallyOf = (name: string, { packets, bytes }: Tally): RowValues => ({
  [`${name}_packets`]: packets,
  [`${name}_bytes`]: bytes,
});
