import { formatAddress, formatPrefix } from '../../src/model/address.js';
import type { Prefix } from '../../src/model/address.js';
import { ICMP, ICMPV6 } from '../../src/model/protocol.js';
import type { Traffic } from '../../src/model/security-group.js';
import { FIXED_IDLE_SECONDS } from '../../src/model/tracking.js';
import type { ResolvedInterface, ResolvedPolicy, ResolvedRule } from '../../src/policy/resolve.js';

/** One interface's security groups as the judge reads them: every peer a CIDR. */
export interface InterfaceSpec {
  readonly eni: readonly string[];
  readonly ingress: readonly SpecRule[];
  readonly egress: readonly SpecRule[];
  readonly sysctl: Readonly<Record<string, number>>;
}

interface SpecRule {
  readonly proto: string;
  readonly from: number;
  readonly to: number;
  readonly cidr: string;
}

export function specOf(
  { sets }: ResolvedPolicy,
  { eni, set, idleSeconds }: ResolvedInterface,
): InterfaceSpec {
  const { ingress, egress } = set === undefined ? { ingress: [], egress: [] } : sets[set]!;
  return {
    eni: eni.addresses.map(formatAddress),
    ingress: ingress.flatMap(specRules),
    egress: egress.flatMap(specRules),
    sysctl: sysctlOf(idleSeconds),
  };
}

function specRules({ rule: { traffic }, prefixes }: ResolvedRule): SpecRule[] {
  return prefixes
    .filter((prefix) => isPossible(traffic, prefix))
    .map((prefix) => ({ ...trafficOf(traffic), cidr: formatPrefix(prefix) }));
}

/** PR-3: ICMP of the other family is never matched. */
const isPossible = (traffic: Traffic, { family }: Prefix): boolean =>
  traffic.kind !== 'icmp' || traffic.protocol === (family === 4 ? ICMP : ICMPV6);

function trafficOf(traffic: Traffic): Omit<SpecRule, 'cidr'> {
  switch (traffic.kind) {
    case 'all':
      return { proto: '-1', from: -1, to: -1 };
    case 'ports':
      return { proto: String(traffic.protocol), from: traffic.from, to: traffic.to };
    case 'icmp':
      return { proto: String(traffic.protocol), from: traffic.type, to: traffic.code };
    case 'protocol':
      return { proto: String(traffic.protocol), from: -1, to: -1 };
  }
}

/** AWS's idle limits (CT-12, CT-13, CT-15, CT-17, CT-21) in Linux's words. */
function sysctlOf({ tcpEstablished, udp, udpStream }: ResolvedInterface['idleSeconds']) {
  const { synSent, synReceived, finWait, closeWait, lastAck, timeWait, close, icmp, other } =
    FIXED_IDLE_SECONDS;
  return {
    nf_conntrack_tcp_timeout_established: tcpEstablished,
    nf_conntrack_tcp_timeout_syn_sent: synSent,
    nf_conntrack_tcp_timeout_syn_recv: synReceived,
    nf_conntrack_tcp_timeout_fin_wait: finWait,
    nf_conntrack_tcp_timeout_close_wait: closeWait,
    nf_conntrack_tcp_timeout_last_ack: lastAck,
    nf_conntrack_tcp_timeout_time_wait: timeWait,
    nf_conntrack_tcp_timeout_close: close,
    // Linux gives up sooner on data that nobody acknowledges; AWS tells of no such limit.
    nf_conntrack_tcp_timeout_unacknowledged: 432_000,
    nf_conntrack_tcp_timeout_max_retrans: 432_000,
    nf_conntrack_udp_timeout: udp,
    nf_conntrack_udp_timeout_stream: udpStream,
    nf_conntrack_icmp_timeout: icmp,
    nf_conntrack_icmpv6_timeout: icmp,
    nf_conntrack_gre_timeout: other,
    nf_conntrack_gre_timeout_stream: other,
    nf_conntrack_generic_timeout: other,
  };
}
