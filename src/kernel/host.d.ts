// AssemblyScript's integer types, as the host's compiler reads them in layout.ts.
type u8 = number;
type u32 = number;
