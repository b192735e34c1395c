import type {
  ConnectionTable,
  InterfaceConnections,
  LiveConnection,
  RememberedBesides,
  TableInstant,
} from '../model/connections.js';
import type { FlowEnds, FlowState } from '../model/remembered.js';
import { paragraph } from './columns.js';
import { type AddressText, createAddressText } from './decoded-line.js';
import { icmpText } from '../model/icmp-text.js';
import { exactInstant } from '../model/instant-text.js';
import { type Line, paint } from './line.js';
import { endsOf } from './opener.js';
import { endText, protocolText } from './packet-text.js';
import { bytes, count, counted, duration, exactSeconds } from './quantity.js';

export interface ConnectionsTextOptions {
  /** Whether to mark secondary text with ANSI colours. */
  readonly color: boolean;
  /** In terminal columns, 80 unless told; below 60 is taken as 60. */
  readonly width?: number;
}

/**
 * A connection table for people, line by line, without newlines: the instant, then for each interface what it remembers,
 * three lines for a connection: `left` is the time until it is over if it stays silent. No line is wider than `width`; nothing
 * from a document can steer the terminal (`printable`).
 */
export function* connectionsText(
  { at, interfaces }: ConnectionTable,
  { color, width = 80 }: ConnectionsTextOptions,
): Generator<string> {
  const columns = Math.max(60, width);
  const addressText = createAddressText();
  const painted = (lines: readonly Line[]): string[] => lines.map((each) => paint(each, color));
  yield* painted(paragraph(instantText(at), columns, 0));
  if (interfaces.length === 0) yield* ['', 'no interface remembers anything'];
  for (const one of interfaces) {
    yield '';
    yield* painted(headLines(one, columns));
    for (const connection of one.live) {
      yield* painted(connectionLines(connection, one.eni, columns, addressText));
    }
  }
}

function instantText({ timeNs, offsetNs, frame }: TableInstant): string {
  const offset = `${offsetNs < 0n ? '' : '+'}${exactSeconds(offsetNs)}`;
  const where = frame === 0 ? 'before the first packet' : `after frame ${frame}`;
  return `connections at ${exactInstant(timeNs)} (${offset}), ${where}`;
}

function headLines(
  { eni, name, live, besides }: InterfaceConnections,
  width: number,
): readonly Line[] {
  const which = `${eni}${name === undefined ? '' : ` (${name})`}`;
  const rest = besidesText(besides);
  return [
    ...paragraph(`${which}: ${counted(live.length, 'connection')}`, width, 0),
    ...(rest === '' ? [] : paragraph(`besides: ${rest}`, width, 2, 'secondary')),
  ];
}

function besidesText({ ended, denied, untracked, firstFragments }: RememberedBesides): string {
  const texts: readonly (readonly [number, string])[] = [
    [ended, `${counted(ended, 'ended connection')} (CT-14)`],
    [denied, `${counted(denied, 'denied opening')} (CT-25)`],
    [untracked, `${counted(untracked, 'untracked flow')} (CT-6)`],
    [firstFragments, `${counted(firstFragments, 'first fragment')} (CT-18)`],
  ];
  return texts.flatMap(([number, text]) => (number === 0 ? [] : [text])).join(', ');
}

function connectionLines(
  connection: LiveConnection,
  eni: string,
  width: number,
  addressText: AddressText,
): readonly Line[] {
  const { remembered, ageNs, silentNs, expiresInNs, ruleHolds } = connection;
  const { account, rule } = remembered;
  const gone = ruleHolds ? '' : `, which is no rule of ${eni} any more`;
  const by = rule === undefined ? '' : ` by ${rule}${gone}`;
  const opened = `opened ${duration(ageNs)} ago in frame ${account.createdFrame}${by}`;
  const idle = `silent ${duration(silentNs)}, ${duration(expiresInNs)} left`;
  const { original, reply } = account;
  const there = `${counted(original.packets, 'packet')} (${bytes(original.bytes)})`;
  const back = `${count(reply.packets)} back (${bytes(reply.bytes)})`;
  return [
    ...paragraph(flowText(connection, addressText), width, 2),
    ...paragraph(opened, width, 4, 'secondary'),
    ...paragraph(`${idle}; ${there}, ${back}`, width, 4, 'secondary'),
  ];
}

/** Both ends, the opener first, what its packets are, and the state where the protocol does not tell it. */
function flowText({ remembered }: LiveConnection, addressText: AddressText): string {
  const { flow, original, state } = remembered;
  const ends = endsOf(remembered).map(({ address, port }) => endText(address, port, addressText));
  const what = `${protocolText(flow.protocol)}${queryText(flow)}${stateText(state!)}`;
  return `${ends.join(' > ')} ${what}, opened ${original}`;
}

const queryText = ({ query, local }: FlowEnds): string =>
  query === undefined ? '' : ` ${icmpText(local.family, query.request, 0)}, id ${query.id}`;

/** States of other protocols than TCP tell no more than those. */
function stateText(state: FlowState): string {
  return UNTOLD.has(state) ? '' : ` ${state === 'UDP_STREAM' ? 'stream' : state}`;
}

const UNTOLD: ReadonlySet<FlowState> = new Set(['UDP', 'ICMP', 'OTHER']);
