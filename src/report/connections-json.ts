import type {
  ConnectionTable,
  InterfaceConnections,
  LiveConnection,
} from '../model/connections.js';
import { type AddressText, createAddressText } from './decoded-line.js';
import { escapeJson } from './json-escape.js';
import { rememberedObject } from './remembered-json.js';

/**
 * A connection table for programs: the lines of one JSON object, described by `connections.schema.json`, a connection on a
 * line, because a table may be larger than any string. Version 1 only grows: a key keeps its meaning and unit. Keys are
 * always present and in the same order; what is absent is null. Times are nanoseconds as decimal strings.
 */
export function* connectionsJson({ at, interfaces }: ConnectionTable): Generator<string> {
  const addressText = createAddressText();
  const head = {
    version: 1,
    tool: 'sgsim',
    at: { timeNs: String(at.timeNs), offsetNs: String(at.offsetNs), frame: at.frame },
    interfaces: interfaces.map(interfaceObject),
  };
  // The head's last line is its brace; the connections stand before it.
  yield `${escapeJson(JSON.stringify(head, null, 2)).slice(0, -2)},`;
  yield '  "connections": [';
  const last = interfaces.findLast(({ live }) => live.length > 0)?.live.at(-1);
  for (const { live } of interfaces) {
    for (const connection of live) {
      const text = escapeJson(JSON.stringify(connectionObject(connection, addressText)));
      yield `    ${text}${connection === last ? '' : ','}`;
    }
  }
  yield '  ]';
  yield '}';
}

// Every object is written out key by key: the order is part of the format, and nothing unknown gets in.

const interfaceObject = ({ eni, name, live, besides }: InterfaceConnections) => ({
  eni,
  name: name ?? null,
  connections: live.length,
  besides: {
    ended: besides.ended,
    denied: besides.denied,
    untracked: besides.untracked,
    firstFragments: besides.firstFragments,
  },
});

const connectionObject = (
  { remembered, ageNs, silentNs, expiresInNs, ruleHolds }: LiveConnection,
  addressText: AddressText,
) => ({
  ...rememberedObject(remembered, addressText),
  ageNs: String(ageNs),
  silentNs: String(silentNs),
  expiresInNs: String(expiresInNs),
  ruleHolds,
});
