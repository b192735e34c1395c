import {
  type Agreement,
  type Difference,
  NOT_JUDGED,
  type NotJudgedReason,
} from '../model/agreement.js';
import { formatAddress } from '../model/address.js';
import { printable } from '../model/diagnostic.js';
import { instant } from '../model/instant-text.js';
import { protocolName } from '../model/protocol.js';
import type { RecordedFlow } from '../model/recorded-flow.js';
import { type VerdictCode, codeText } from '../model/verdict.js';
import { paragraph, tableLines } from './columns.js';
import { type Line, line, paint } from './line.js';
import { bytes, count, counted } from './quantity.js';

interface AgreementTextOptions {
  /** Whether to mark text with ANSI colours. */
  readonly color: boolean;
  /** In terminal columns, 80 unless told. */
  readonly width?: number;
  /** Names of interfaces by their ids. */
  readonly names: ReadonlyMap<string, string>;
}

/** How AWS's answers and ours compare, for people. Nothing from a document or a log can steer the terminal. */
export function agreementText(
  agreement: Agreement,
  { color, width = 80, names }: AgreementTextOptions,
): string {
  const { differences, otherDifferences: others } = agreement;
  const lines: Line[] = [...sums(agreement, width)];
  for (const difference of differences) {
    lines.push(line(''), ...differenceLines(difference, width, names));
  }
  if (others.differences > 0) {
    const more = `${counted(others.differences, 'more difference')}: ${counted(others.records, 'record')}`;
    lines.push(line(''), ...paragraph(more, width, 0, 'secondary'));
  }
  return lines.map((each) => `${paint(each, color)}\n`).join('');
}

function sums({ records, agree, differ, notJudged }: Agreement, width: number): readonly Line[] {
  const unjudged = notJudged.reduce((sum, tally) => sum + tally.records, 0);
  const rows = [
    { label: 'agree', style: 'allowed' as const, cells: [count(agree)] },
    {
      label: 'differ',
      style: differ > 0 ? ('dropped' as const) : ('plain' as const),
      cells: [count(differ)],
    },
    { label: 'not judged', cells: [count(unjudged)] },
    ...notJudged.map(({ reason, records: some }) => ({
      ...{ label: reason, indent: 4, cells: [count(some)], note: reasonText(reason) },
    })),
    { label: 'sum', cells: [count(records)] },
  ];
  return tableLines([{ title: 'flow log records', heads: ['records'], rows }], width);
}

/** What a reason means, in a few words. */
export const reasonText = (reason: NotJudgedReason): string =>
  Object.hasOwn(NOT_JUDGED, reason)
    ? NOT_JUDGED[reason as keyof typeof NOT_JUDGED]
    : codeText(reason as VerdictCode);

function differenceLines(
  { accepted, ours, protocol, port, records, packets, bytes: size, example, reasons }: Difference,
  width: number,
  names: ReadonlyMap<string, string>,
): readonly Line[] {
  const name = names.get(ours.eni);
  const where = `${ours.eni}${name === undefined ? '' : ` (${name})`} ${ours.direction}`;
  const what = `${protocolName(protocol)}${port === undefined ? '' : `/${port}`}`;
  const [aws, own] = accepted ? ['ACCEPT', 'REJECT'] : ['REJECT', 'ACCEPT'];
  const head = `AWS ${aws}, sgsim ${own} (${ours.code}): ${what} at ${where}`;
  const some = `${counted(records, 'record')}, ${counted(packets, 'packet')}, ${bytes(size)}; e.g. ${exampleText(example)}`;
  const elsewhere =
    ours.eni === example.record.eni
      ? ''
      : ', so that it does not come to the interface that recorded it';
  return [
    ...paragraph(printable(head), width, 0, accepted ? 'dropped' : 'allowed'),
    ...paragraph(printable(some), width, 2, 'secondary'),
    ...paragraph(printable(`AWS: ${reasons.aws}`), width, 2),
    ...paragraph(printable(`sgsim: ${reasons.ours}${elsewhere}`), width, 2),
  ];
}

function exampleText({ place, record, traffic, source, destination }: RecordedFlow): string {
  const end = (address: typeof source, port: number): string => {
    const text = formatAddress(address);
    const { protocol } = traffic;
    if (protocol !== 6 && protocol !== 17) return text;
    return `${address.family === 6 ? `[${text}]` : text}:${port}`;
  };
  const ends = `${end(source, traffic.sourcePort)} > ${end(destination, traffic.destinationPort)}`;
  return `${place}, ${ends}, ${instant(BigInt(record.start) * 1_000_000_000n)}`;
}
