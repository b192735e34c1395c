import { expect, it } from 'vitest';
import {
  DEFAULT_FLOW_LOG_FIELDS,
  FLOW_LOG_FIELDS,
  flowLogField,
  flowLogVersion,
} from '../../src/model/flow-log-field.js';
import { parseFlowLogFormat } from '../../src/documents/flow-log-format.js';

it('FL-1: the default format', () =>
  expect(DEFAULT_FLOW_LOG_FIELDS.join(' ')).toBe(
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
  ));

it('FL-2: 42 fields, in the order of their versions', () => {
  expect(FLOW_LOG_FIELDS).toHaveLength(42);
  expect(new Set(FLOW_LOG_FIELDS.map(({ name }) => name)).size).toBe(42);
  const versions = FLOW_LOG_FIELDS.map(({ version }) => version);
  expect(versions).toEqual(versions.toSorted((one, other) => one - other));
  expect([...new Set(versions)]).toEqual([2, 3, 4, 5, 7, 8, 9, 10]);
});

it.each([
  [['srcaddr'], 2],
  [['srcaddr', 'tcp-flags'], 3],
  [['az-id', 'type'], 4],
  [['traffic-path'], 5],
  [['ecs-task-id', 'region'], 7],
  [['reject-reason'], 8],
  [['resource-id'], 9],
  [['srcaddr', 'encryption-status'], 10],
] as const)('FL-2: with %j the version is %i', (fields, version) =>
  expect(flowLogVersion(fields)).toBe(version),
);

it('names of Parquet columns are the same fields', () => {
  expect(flowLogField('pkt_src_aws_service')).toBe('pkt-src-aws-service');
  expect(flowLogField('log-status')).toBe('log-status');
  expect(flowLogField('toString')).toBeUndefined();
});

it("reads a custom format as AWS's command takes it", () => {
  const fields = ['version', 'srcaddr', 'tcp-flags'];
  expect(parseFlowLogFormat('${version} ${srcaddr} ${tcp-flags}', '--x')).toEqual(fields);
  expect(parseFlowLogFormat('version,srcaddr  tcp-flags\n', '--x')).toEqual(fields);
  const all = FLOW_LOG_FIELDS.map(({ name }) => `\${${name}}`).join(' ');
  expect(parseFlowLogFormat(all, '--x')).toHaveLength(42);
});

it.each([
  ['', 'error[usage] --x: names no fields;'],
  ['x '.repeat(3000), 'error[usage] --x: names no fields;'],
  ['${version} ${srcadr}', 'error[usage] --x: "${srcadr}" is no field of a flow log;'],
  ['${version} ${srcaddr} version', 'error[usage] --x: version is named twice;'],
])('refuses %j', (text, message) => expect(() => parseFlowLogFormat(text, '--x')).toThrow(message));
