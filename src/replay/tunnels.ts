import { DECAP_AUTO, DECAP_GENEVE, DECAP_GRE, DECAP_IPIP, DECAP_VXLAN } from '../kernel/layout.js';
import type { DecodeSettings } from '../engine/settings.js';
import type { DecodingOptions, Tunnel } from '../model/decoding.js';

const BITS: Readonly<Record<Tunnel, number>> = {
  vxlan: DECAP_VXLAN,
  geneve: DECAP_GENEVE,
  gre: DECAP_GRE,
  ipip: DECAP_IPIP,
};

/** The kernel's settings; packets of a mirrored network count as those of a capture of their own, behind the others. */
export function decodeSettings(
  { decap, networks, checksums }: DecodingOptions,
  captureCount: number,
): DecodeSettings {
  return {
    decap: decap === 'auto' ? DECAP_AUTO : decap.reduce((bits, kind) => bits | BITS[kind], 0),
    vnis: networks.map(({ vni }, i) => ({ vni, capture: captureCount + i })),
    checksums,
  };
}
