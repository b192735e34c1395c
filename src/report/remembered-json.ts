import { type Address, formatAddress } from '../model/address.js';
import type { FlowEnds, Remembered } from '../model/remembered.js';

/** What an interface remembered, for JSON: keys always present, null for what it does not have; times as decimal strings. */
export function rememberedObject(
  remembered: Remembered,
  addressText: (address: Address) => string = formatAddress,
) {
  const { account } = remembered;
  return {
    kind: remembered.kind,
    eni: remembered.eni,
    flow: flowObject(remembered.flow, addressText),
    state: remembered.state ?? null,
    original: remembered.original,
    rule: remembered.rule ?? null,
    code: remembered.code ?? null,
    lastSeenNs: String(remembered.lastSeenNs),
    idleSeconds: remembered.idleSeconds,
    wasEstablished: remembered.wasEstablished,
    turns: remembered.turns,
    lastWasOriginal: remembered.lastWasOriginal,
    account: {
      createdNs: String(account.createdNs),
      createdFrame: account.createdFrame,
      original: { packets: account.original.packets, bytes: account.original.bytes },
      reply: { packets: account.reply.packets, bytes: account.reply.bytes },
    },
  };
}

function flowObject(flow: FlowEnds, addressText: (address: Address) => string) {
  const { local, remote, protocol, localPort, remotePort, query, datagram } = flow;
  return {
    local: addressText(local),
    remote: addressText(remote),
    protocol,
    localPort: localPort ?? null,
    remotePort: remotePort ?? null,
    query:
      query === undefined ? null : { request: query.request, id: query.id, byLocal: query.byLocal },
    datagram: datagram ?? null,
  };
}
