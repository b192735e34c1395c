/** How the kernel is compiled: no runtime, nothing allocated, one memory that all threads share. */
export const kernelArguments = (entry) => [
  entry,
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory',
  '16',
  '--maximumMemory',
  '65536',
  '--enable',
  'threads',
  '--memoryBase',
  '1024',
];
