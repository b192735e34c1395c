import type { FrameVerdict, InterfaceVerdict } from '../model/verdict.js';
import { quoteJson } from './json-escape.js';

/**
 * One frame's verdict as a line of JSON, without newline. Keys in fixed order: `frame` (from 1), with several captures
 * `capture` and `captureFrame` (its place there), `timeNs`
 * (decimal string), `verdict`, `code`, `at` (each interface: `eni`, `direction`, `verdict`, `code`, `rule` or
 * null). Written by hand because it runs once a packet; verdicts, codes and directions need no escaping.
 */
export function verdictLine({ frame, origin, timeNs, verdict, code, at }: FrameVerdict): string {
  let interfaces = '';
  for (const entry of at) interfaces += (interfaces === '' ? '' : ',') + interfaceObject(entry);
  const place =
    origin === undefined
      ? ''
      : `,"capture":${quoteJson(origin.capture)},"captureFrame":${origin.frame}`;
  return `{"frame":${frame}${place},"timeNs":"${timeNs}","verdict":"${verdict}","code":"${code}","at":[${interfaces}]}`;
}

function interfaceObject({ eni, direction, verdict, code, rule }: InterfaceVerdict): string {
  const quotedRule = rule === undefined ? 'null' : quoteJson(rule);
  return `{"eni":${quoteJson(eni)},"direction":"${direction}","verdict":"${verdict}","code":"${code}","rule":${quotedRule}}`;
}
