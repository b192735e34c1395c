// Network byte order reads. The caller has proved that the bytes are there.

export function be16(at: usize): u32 {
  return <u32>bswap<u16>(load<u16>(at));
}

export function be32(at: usize): u32 {
  return bswap<u32>(load<u32>(at));
}

export function be64(at: usize): u64 {
  return bswap<u64>(load<u64>(at));
}

// Little-endian: what the hosts wrote that invented a link header.

export function le16(at: usize): u32 {
  return <u32>load<u16>(at);
}

export function le32(at: usize): u32 {
  return load<u32>(at);
}
