/**
 * Every field that a VPC flow log record can have, in the order of the versions that brought it (FL-1, FL-2), with the type of its
 * Parquet column. AWS, VPC user guide, "Flow log records".
 */
export const FLOW_LOG_FIELDS = [
  { name: 'version', version: 2, column: 'int32' },
  { name: 'account-id', version: 2, column: 'string' },
  { name: 'interface-id', version: 2, column: 'string' },
  { name: 'srcaddr', version: 2, column: 'string' },
  { name: 'dstaddr', version: 2, column: 'string' },
  { name: 'srcport', version: 2, column: 'int32' },
  { name: 'dstport', version: 2, column: 'int32' },
  { name: 'protocol', version: 2, column: 'int32' },
  { name: 'packets', version: 2, column: 'int64' },
  { name: 'bytes', version: 2, column: 'int64' },
  { name: 'start', version: 2, column: 'int64' },
  { name: 'end', version: 2, column: 'int64' },
  { name: 'action', version: 2, column: 'string' },
  { name: 'log-status', version: 2, column: 'string' },
  { name: 'vpc-id', version: 3, column: 'string' },
  { name: 'subnet-id', version: 3, column: 'string' },
  { name: 'instance-id', version: 3, column: 'string' },
  { name: 'tcp-flags', version: 3, column: 'int32' },
  { name: 'type', version: 3, column: 'string' },
  { name: 'pkt-srcaddr', version: 3, column: 'string' },
  { name: 'pkt-dstaddr', version: 3, column: 'string' },
  { name: 'region', version: 4, column: 'string' },
  { name: 'az-id', version: 4, column: 'string' },
  { name: 'sublocation-type', version: 4, column: 'string' },
  { name: 'sublocation-id', version: 4, column: 'string' },
  { name: 'pkt-src-aws-service', version: 5, column: 'string' },
  { name: 'pkt-dst-aws-service', version: 5, column: 'string' },
  { name: 'flow-direction', version: 5, column: 'string' },
  { name: 'traffic-path', version: 5, column: 'int32' },
  { name: 'ecs-cluster-arn', version: 7, column: 'string' },
  { name: 'ecs-cluster-name', version: 7, column: 'string' },
  { name: 'ecs-container-instance-arn', version: 7, column: 'string' },
  { name: 'ecs-container-instance-id', version: 7, column: 'string' },
  { name: 'ecs-container-id', version: 7, column: 'string' },
  { name: 'ecs-second-container-id', version: 7, column: 'string' },
  { name: 'ecs-service-name', version: 7, column: 'string' },
  { name: 'ecs-task-definition-arn', version: 7, column: 'string' },
  { name: 'ecs-task-arn', version: 7, column: 'string' },
  { name: 'ecs-task-id', version: 7, column: 'string' },
  { name: 'reject-reason', version: 8, column: 'string' },
  { name: 'resource-id', version: 9, column: 'string' },
  { name: 'encryption-status', version: 10, column: 'int32' },
] as const satisfies readonly FieldEntry[];

interface FieldEntry {
  readonly name: string;
  /** Of the flow log format, that brought it. */
  readonly version: number;
  readonly column: 'string' | 'int32' | 'int64';
}

export type FlowLogField = (typeof FLOW_LOG_FIELDS)[number]['name'];

/** The default format: those of version 2, in their order. */
export const DEFAULT_FLOW_LOG_FIELDS: readonly FlowLogField[] = FLOW_LOG_FIELDS.filter(
  ({ version }) => version === 2,
).map(({ name }) => name);

const BY_NAME = new Map<string, (typeof FLOW_LOG_FIELDS)[number]>(
  FLOW_LOG_FIELDS.map((entry) => [entry.name, entry]),
);

/** The field of a name; names of Parquet columns, with underscores, are the same to it. Undefined for another name. */
export function flowLogField(name: string): FlowLogField | undefined {
  return BY_NAME.get(name.replaceAll('_', '-'))?.name;
}

/** Type of a field's Parquet column. */
export function columnType(field: FlowLogField): FieldEntry['column'] {
  return BY_NAME.get(field)!.column;
}

/** What `version` says in a record: the highest that one of its fields needs (FL-2). */
export function flowLogVersion(fields: readonly FlowLogField[]): number {
  return fields.reduce((most, field) => Math.max(most, BY_NAME.get(field)!.version), 2);
}

/** Values of a record as text, by field; a field that is absent says `-`. */
export type FlowLogValues = Readonly<Partial<Record<FlowLogField, string>>>;
