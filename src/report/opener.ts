import type { Address } from '../model/address.js';
import type { Remembered } from '../model/remembered.js';

interface End {
  readonly address: Address;
  readonly port: number | undefined;
}

/** The end that opened a connection, and the other one. */
export function endsOf({ flow, original }: Remembered): readonly [End, End] {
  const local = { address: flow.local, port: flow.localPort };
  const remote = { address: flow.remote, port: flow.remotePort };
  return original === 'egress' ? [local, remote] : [remote, local];
}
