import { InputError, renderDiagnostic } from '../../src/model/diagnostic.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import type { DocumentFile } from '../../src/documents/files.js';
import { loadVpc } from '../../src/documents/load.js';

/** A JSON document under a file name. */
export const json = (name: string, value: unknown): DocumentFile => ({
  name,
  text: JSON.stringify(value),
});

/** A YAML document of its lines. */
export const yaml = (name: string, ...lines: string[]): DocumentFile => ({
  name,
  text: lines.join('\n'),
});

/** The rendered errors of a load, or of any call; empty when it succeeds. */
export function errorsOf(call: readonly DocumentFile[] | (() => unknown)): readonly string[] {
  try {
    if (typeof call === 'function') call();
    else loadVpc(call);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics.map(renderDiagnostic);
    throw error;
  }
}

/** The rendered warnings of a load that succeeds. */
export const warningsOf = (files: readonly DocumentFile[]): readonly string[] =>
  loadVpc(files).warnings.map(renderDiagnostic);

export const describeVpc = (...files: DocumentFile[]): VpcDescription => loadVpc(files).description;

/** A group of vpc-1 as describe-security-groups prints it, with some ingress permissions. */
export const awsGroup = (id: string, ...permissions: unknown[]): Record<string, unknown> => ({
  GroupId: id,
  GroupName: id,
  VpcId: 'vpc-1',
  IpPermissions: permissions,
  IpPermissionsEgress: [],
});

/** A permission with one IPv4 range. */
export const permission = (
  protocol: string,
  from?: number | null,
  to?: number | null,
  cidr = '10.0.0.0/8',
): Record<string, unknown> => ({
  IpProtocol: protocol,
  FromPort: from,
  ToPort: to,
  IpRanges: [{ CidrIp: cidr }],
});

/** An interface of vpc-1 as describe-network-interfaces prints it. */
export const awsInterface = (
  id: string,
  address: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> => ({
  NetworkInterfaceId: id,
  VpcId: 'vpc-1',
  InterfaceType: 'interface',
  PrivateIpAddresses: [{ PrivateIpAddress: address, Primary: true }],
  Groups: [{ GroupId: 'sg-web' }],
  ...more,
});
