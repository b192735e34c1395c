import { parseAddress } from '../model/address.js';
import { questionFault, type FlowEnd } from '../model/flow-question.js';
import type { InputError } from '../model/diagnostic.js';
import type { Span } from '../model/span.js';
import { shown } from './faults.js';

/** An end of a flow, and the port that is written behind it. */
export interface WrittenEnd {
  readonly end: FlowEnd;
  readonly port?: { readonly number: number; readonly span: Span };
}

/** Reads `10.0.2.9:443`, `[2001:db8::1]:443`, `web:443` or the same without a port. Throws InputError. */
export function readFlowEnd(
  text: string,
  within: Span,
  which: 'source' | 'destination',
): WrittenEnd {
  const raw = text.slice(within.at, within.at + within.length);
  const written = raw.trim();
  const at = within.at + (raw.length - raw.trimStart().length);
  if (written === '') {
    const fix = 'write an address, an interface, an instance, a group or internet';
    const side = which === 'source' ? 'before' : 'behind';
    const gap = { at: within.at, length: 1 };
    throw questionFault(text, gap, `no ${which} stands ${side} the >`, fix);
  }
  const span = { at, length: written.length };
  const fault = (fact: string, fix: string): InputError => questionFault(text, span, fact, fix);
  const address = parseAddress(written);
  if (address !== undefined) return { end: { kind: 'address', address, span } };
  const { host, digits } = splitPort(written);
  const bracketed = /^\[([^\]]*)\]$/.exec(host)?.[1];
  const inner = parseAddress(bracketed ?? host);
  if (bracketed !== undefined && inner?.family !== 6) {
    throw fault(`${shown(bracketed)} is no IPv6 address`, 'write it like [2001:db8::1]:443');
  }
  if (bracketed === undefined && inner?.family === 6) {
    throw fault('an IPv6 address and a port run together', `write [${host}]:${digits!}`);
  }
  if (inner === undefined) checkName(host, fault);
  const place = { at, length: host.length };
  const end: FlowEnd =
    inner !== undefined
      ? { kind: 'address', address: inner, span: place }
      : host === 'internet'
        ? { kind: 'internet', span: place }
        : host === 'any'
          ? { kind: 'any', span: place }
          : { kind: 'name', name: host, span: place };
  if (digits === undefined) return { end };
  const portSpan = { at: at + written.length - digits.length, length: digits.length };
  const number = Number(digits);
  if (number <= LAST_PORT) return { end, port: { number, span: portSpan } };
  const fix = `write a number from 0 to ${LAST_PORT}`;
  throw questionFault(text, portSpan, `${shown(digits)} is no port`, fix);
}

const LAST_PORT = 65_535;

function splitPort(written: string): { readonly host: string; readonly digits?: string } {
  const [, host, digits] = /^(.*[^:\s]):(\d+)$/s.exec(written) ?? [];
  return host === undefined ? { host: written } : { host, digits: digits! };
}

/** What looks like an address and is none is no name either. */
function checkName(host: string, fault: (fact: string, fix: string) => InputError): void {
  const [, dotted, port] = /^(\d+\.\d+\.\d+\.\d+)\.(\d+)$/.exec(host) ?? [];
  if (dotted !== undefined) {
    throw fault('the port stands behind a dot', `write ${dotted}:${port!}`);
  }
  if (/^\[?[\da-f:.]+\]?\/\d+$/i.test(host)) {
    throw fault(`${shown(host)} is a block of addresses`, 'write one address of it');
  }
  if (/^[\d.]+$/.test(host) || /^[\da-f]*:[\da-f:]*:[\da-f:.]*$/i.test(host)) {
    throw fault(`${shown(host)} is no IP address`, 'write it like 10.0.2.9 or [2001:db8::1]');
  }
}
