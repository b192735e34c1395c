/** Milliseconds of processor time that this process has used, user's and system's. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
