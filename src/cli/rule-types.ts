/** What the console's list of rule types stands for: protocol and ports as the AWS CLI names them. */
interface RuleType {
  readonly protocol: string;
  readonly port?: string;
}

const TYPES: Readonly<Record<string, RuleType>> = {
  'All traffic': { protocol: '-1' },
  'All TCP': { protocol: 'tcp', port: '0-65535' },
  'All UDP': { protocol: 'udp', port: '0-65535' },
  'All ICMP - IPv4': { protocol: 'icmp', port: '-1' },
  'All ICMP - IPv6': { protocol: 'icmpv6', port: '-1' },
  SSH: { protocol: 'tcp', port: '22' },
  SMTP: { protocol: 'tcp', port: '25' },
  'DNS (UDP)': { protocol: 'udp', port: '53' },
  'DNS (TCP)': { protocol: 'tcp', port: '53' },
  HTTP: { protocol: 'tcp', port: '80' },
  POP3: { protocol: 'tcp', port: '110' },
  IMAP: { protocol: 'tcp', port: '143' },
  LDAP: { protocol: 'tcp', port: '389' },
  HTTPS: { protocol: 'tcp', port: '443' },
  SMB: { protocol: 'tcp', port: '445' },
  SMTPS: { protocol: 'tcp', port: '465' },
  IMAPS: { protocol: 'tcp', port: '993' },
  POP3S: { protocol: 'tcp', port: '995' },
  MSSQL: { protocol: 'tcp', port: '1433' },
  'Oracle-RDS': { protocol: 'tcp', port: '1521' },
  NFS: { protocol: 'tcp', port: '2049' },
  'MYSQL/Aurora': { protocol: 'tcp', port: '3306' },
  RDP: { protocol: 'tcp', port: '3389' },
  Redshift: { protocol: 'tcp', port: '5439' },
  PostgreSQL: { protocol: 'tcp', port: '5432' },
  'WinRM-HTTP': { protocol: 'tcp', port: '5985' },
  'WinRM-HTTPS': { protocol: 'tcp', port: '5986' },
};

/** Names of the types, as the console writes them. */
export const RULE_TYPES: readonly string[] = Object.keys(TYPES);

const BY_NAME = new Map(Object.entries(TYPES).map(([name, type]) => [name.toLowerCase(), type]));

/** The type of a name, whatever its case; undefined for a name that the console does not have. */
export const ruleType = (name: string): RuleType | undefined => BY_NAME.get(name.toLowerCase());
