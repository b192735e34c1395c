/** `entry`: text to compile in place of kernel.ts, for a benchmark of a part. */
export function compileKernel(folder: string, entry?: string): Promise<Uint8Array<ArrayBuffer>>;
