import { isRecord, memberOf, textOf } from './shape.js';

/** Names the format of a document that describes a VPC in a way we do not read; undefined for others. */
export function foreignFormat(value: unknown): ForeignFormat | undefined {
  if (!isRecord(value)) return undefined;
  const has = (key: string): boolean => Object.hasOwn(value, key);
  if (has('planned_values') || (has('resource_changes') && has('format_version'))) {
    return TERRAFORM_PLAN;
  }
  if (has('terraform_version') && (has('serial') || has('lineage') || has('values'))) {
    return TERRAFORM_STATE;
  }
  if (has('AWSTemplateFormatVersion') || holdsAwsTypes(value['Resources'])) return CLOUDFORMATION;
  return undefined;
}

export interface ForeignFormat {
  readonly name: string;
  readonly fix: string;
}

const DESCRIBE = 'give the output of `aws ec2 describe-security-groups` and the like instead';

const TERRAFORM_STATE = { name: 'terraform state', fix: DESCRIBE };
const TERRAFORM_PLAN = { name: 'a terraform plan', fix: DESCRIBE };
const CLOUDFORMATION = { name: 'a CloudFormation template', fix: DESCRIBE };

function holdsAwsTypes(resources: unknown): boolean {
  if (!isRecord(resources)) return false;
  return Object.keys(resources).some((key) =>
    textOf(memberOf(resources, key), 'Type')?.startsWith('AWS::'),
  );
}
