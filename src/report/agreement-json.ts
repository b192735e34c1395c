import type { Agreement, Difference } from '../model/agreement.js';
import { formatAddress } from '../model/address.js';
import { reasonText } from './agreement-text.js';
import { escapeJson } from './json-escape.js';

/**
 * How AWS's answers and ours compare, as one JSON object, described by `agreement.schema.json`. Version 1 only grows: a key keeps
 * its meaning and unit. Keys are always present and in the same order; what is absent is null.
 */
export function agreementJson(agreement: Agreement): string {
  const { records, agree, differ, notJudged, differences, otherDifferences } = agreement;
  const object = {
    version: 1,
    tool: 'sgsim',
    ...{ records, agree, differ },
    notJudged: {
      records: notJudged.reduce((sum, tally) => sum + tally.records, 0),
      byReason: notJudged.map((tally) => ({
        reason: tally.reason,
        text: reasonText(tally.reason),
        records: tally.records,
      })),
    },
    differences: differences.map(differenceObject),
    otherDifferences: {
      differences: otherDifferences.differences,
      records: otherDifferences.records,
    },
  };
  return `${escapeJson(JSON.stringify(object, null, 2))}\n`;
}

const differenceObject = ({ accepted, rejectReason, ours, reasons, ...rest }: Difference) => ({
  aws: {
    action: accepted ? 'ACCEPT' : 'REJECT',
    rejectReason: rejectReason ?? null,
    reason: reasons.aws,
  },
  sgsim: {
    action: accepted ? 'REJECT' : 'ACCEPT',
    code: ours.code,
    eni: ours.eni,
    direction: ours.direction,
    rule: ours.rule ?? null,
    reason: reasons.ours,
  },
  protocol: rest.protocol,
  port: rest.port ?? null,
  records: rest.records,
  packets: rest.packets,
  bytes: rest.bytes,
  example: exampleObject(rest.example),
});

const exampleObject = ({
  place,
  record,
  traffic,
  source,
  destination,
  direction,
}: Difference['example']) => ({
  place,
  eni: record.eni,
  direction: direction ?? null,
  source: formatAddress(source),
  destination: formatAddress(destination),
  sourcePort: traffic.sourcePort,
  destinationPort: traffic.destinationPort,
  packets: traffic.packets,
  bytes: traffic.bytes,
  start: record.start,
  end: record.end,
  tcpFlags: traffic.tcpFlags ?? null,
});
