import { parseAddress } from '../model/address.js';
import {
  questionFault,
  type AskedTraffic,
  type FlowEnd,
  type FlowQuestion,
} from '../model/flow-question.js';
import type { InputError } from '../model/diagnostic.js';
import { SYN } from '../model/protocol.js';
import type { Span } from '../model/span.js';
import { readFlags, splitFlags } from './flow-flags.js';
import { readFlowEnd, type WrittenEnd } from './flow-end.js';
import { readProtocol, type AskedProtocol } from './flow-protocol.js';
import { cut, shown } from './faults.js';

/**
 * Reads a question as tcpdump would write the packet: `tcp 10.0.1.5:40000 > sg-db:5432 [S]`, `icmp 3/4 A > B`, `proto 50
 * A > B`. Names may hold spaces, as Name tags do. Whether they mean anything is seen where the VPC is known. Throws
 * InputError with a caret under what is wrong.
 */
export function parseFlowQuestion(text: string): FlowQuestion {
  if (text.length > LONGEST) {
    const rest = { at: LONGEST, length: 1 };
    throw questionFault(text, rest, `longer than ${LONGEST} characters`, `write ${EXAMPLE}`);
  }
  const { protocol, length } = readProtocol(text);
  const arrow = text.indexOf('>', length);
  if (arrow < 0) {
    const end = { at: text.trimEnd().length, length: 1 };
    throw questionFault(text, end, 'no > stands between two ends', `write it like ${EXAMPLE}`);
  }
  if (text[arrow - 1] === '-') {
    const sign = { at: arrow - 1, length: 2 };
    throw questionFault(text, sign, '-> is not read', 'write > with a space before it');
  }
  const flags = splitFlags(text, arrow + 1);
  const from = readFlowEnd(text, { at: length, length: arrow - length }, 'source');
  const to = { at: arrow + 1, length: (flags?.at ?? text.length) - arrow - 1 };
  const asked = { text, protocol, flags, from, to: readFlowEnd(text, to, 'destination') };
  return {
    text,
    traffic: trafficOf(asked),
    source: asked.from.end,
    destination: asked.to.end,
  };
}

/** Characters. Names have at most 255. */
const LONGEST = 1000;

const EXAMPLE = '`tcp 10.0.1.5 > 10.0.2.9:443`';

interface Asked {
  readonly text: string;
  readonly protocol: AskedProtocol;
  readonly flags: Span | undefined;
  readonly from: WrittenEnd;
  readonly to: WrittenEnd;
}

function trafficOf(asked: Asked): AskedTraffic {
  const { text, protocol, flags, from } = asked;
  if (flags !== undefined && protocol.kind !== 'tcp') {
    throw questionFault(text, flags, `${protocol.word} has no flags`, 'leave them out');
  }
  if (protocol.kind === 'icmp' || protocol.kind === 'protocol') {
    const { word, ...traffic } = protocol;
    checkNoPorts(asked, word);
    return traffic;
  }
  const ports = {
    ...(from.port === undefined ? {} : { sourcePort: from.port.number }),
    destinationPort: destinationPort(asked),
  };
  if (protocol.kind === 'udp') return { kind: 'udp', ...ports };
  return { kind: 'tcp', flags: flags === undefined ? SYN : readFlags(text, flags), ...ports };
}

function checkNoPorts({ text, from, to }: Asked, word: string): void {
  const port = from.port ?? to.port;
  if (port === undefined) return;
  const fact = `rules know no ports of ${word}`;
  throw questionFault(text, port.span, fact, `leave :${port.number} out`);
}

function destinationPort({ text, protocol, to }: Asked): number {
  if (to.port !== undefined) return to.port.number;
  throw portMissing(text, protocol.word, to.end, protocol.kind === 'udp' ? 53 : 443);
}

function portMissing(
  text: string,
  word: string,
  { kind, span }: FlowEnd,
  example: number,
): InputError {
  const written = text.slice(span.at, span.at + span.length);
  const fact = `${word} asks for a destination port`;
  if (kind === 'address') {
    return questionFault(text, span, fact, `write it like ${withPort(written, example)}`);
  }
  const [, name, service] = /^(.*):([^:]*)$/.exec(written) ?? [];
  if (service === undefined) {
    return questionFault(text, span, fact, `write it like ${cut(written)}:${example}`);
  }
  const at = span.at + written.length - service.length;
  const fix = `write a number from 0 to 65535, as in ${cut(name!)}:${example}`;
  const after = { at, length: Math.max(1, service.length) };
  return questionFault(text, after, `${shown(service)} is no port`, fix);
}

/** An address with a port. The end of an IPv6 address may have been meant as one. */
function withPort(written: string, example: number): string {
  const bare = written.replaceAll(/[[\]]/g, '');
  if (!bare.includes(':')) return `${bare}:${example}`;
  const [, address = '', port] = /^(.*):(\d+)$/.exec(bare) ?? [];
  return parseAddress(address) === undefined ? `[${bare}]:${example}` : `[${address}]:${port!}`;
}
