import { TCP, UDP } from '../model/protocol.js';

/** A port that a name stands for; without a protocol it is used over several, so only the port is asked. */
export interface Service {
  readonly port: number;
  readonly protocol?: number;
}

const overTcp = (port: number): Service => ({ port, protocol: TCP });
const overUdp = (port: number): Service => ({ port, protocol: UDP });
const over = (port: number): Service => ({ port });

/** Common names of https://www.iana.org/assignments/service-names-port-numbers, with the transports in use. */
export const SERVICES: ReadonlyMap<string, Service> = new Map([
  ['amqp', over(5672)],
  ['auth', overTcp(113)],
  ['bgp', overTcp(179)],
  ['bootpc', overUdp(68)],
  ['bootps', overUdp(67)],
  ['discard', over(9)],
  ['domain', over(53)],
  ['echo', over(7)],
  ['epmap', overTcp(135)],
  ['finger', overTcp(79)],
  ['ftp', overTcp(21)],
  ['ftp-data', overTcp(20)],
  ['git', overTcp(9418)],
  ['http', overTcp(80)],
  ['https', over(443)],
  ['imap2', overTcp(143)],
  ['imaps', overTcp(993)],
  ['isakmp', overUdp(500)],
  ['kerberos', over(88)],
  ['ldap', over(389)],
  ['ldaps', over(636)],
  ['login', overTcp(513)],
  ['mdns', overUdp(5353)],
  ['microsoft-ds', over(445)],
  ['mysql', overTcp(3306)],
  ['nfs', over(2049)],
  ['nntp', overTcp(119)],
  ['ntp', overUdp(123)],
  ['openvpn', over(1194)],
  ['pop3', overTcp(110)],
  ['pop3s', overTcp(995)],
  ['postgresql', overTcp(5432)],
  ['radius', over(1812)],
  ['redis', overTcp(6379)],
  ['rsync', overTcp(873)],
  ['sip', over(5060)],
  ['sip-tls', over(5061)],
  ['smtp', overTcp(25)],
  ['snmp', over(161)],
  ['socks', overTcp(1080)],
  ['ssh', overTcp(22)],
  ['submission', overTcp(587)],
  ['sunrpc', over(111)],
  ['svn', overTcp(3690)],
  ['syslog', overUdp(514)],
  ['tacacs', over(49)],
  ['telnet', overTcp(23)],
  ['tftp', overUdp(69)],
  ['time', over(37)],
  ['whois', overTcp(43)],
]);
