namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>General registers that a function may overwrite by the conventions of Linux and Windows alike, but for the one that holds its argument.</summary>
internal enum GeneralRegister
{
    Rax = 0,
    Rcx = 1,
    Rdx = 2,
    Rdi = 7,
    R8 = 8,
    R9 = 9,
    R10 = 10,
    R11 = 11,
}

/// <summary>
/// Writes the few instructions of x64 that <see cref="DotProductCode"/> is made of. Vector registers are numbers from 16 to 31, which no convention preserves.
/// Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, sections 2.1 (ModR/M and SIB), 2.2.1 (REX) and 2.7 (EVEX).
/// </summary>
internal sealed class MachineCode
{
    private const byte UseSib = 4;

    private readonly List<byte> bytes = [];

    public ReadOnlySpan<byte> Bytes => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes);

    public int Position => bytes.Count;

    /// <summary>target = source.</summary>
    public void Move(GeneralRegister target, GeneralRegister source) => Emit(Rex(source, 0, target), 0x89, ModRm(3, source, target));

    /// <summary>target = the 8 bytes at source + offset.</summary>
    public void Load(GeneralRegister target, GeneralRegister source, sbyte offset) => Emit(Rex(target, 0, source), 0x8B, ModRm(1, target, source), (byte)offset);

    /// <summary>target = source x 3.</summary>
    public void Triple(GeneralRegister target, GeneralRegister source) => Emit(Rex(target, source, source), 0x8D, ModRm(0, target, (GeneralRegister)UseSib), Sib(1, source, source));

    /// <summary>target += number.</summary>
    public void Add(GeneralRegister target, sbyte number) => Emit(Rex(0, 0, target), 0x83, ModRm(3, 0, target), (byte)number);

    /// <summary>Jumps back unless the last sum was 0.</summary>
    public void JumpBackUnlessZero(int position)
    {
        int distance = position - (Position + 6);
        Emit(0x0F, 0x85, (byte)distance, (byte)(distance >> 8), (byte)(distance >> 16), (byte)(distance >> 24));
    }

    public void Return() => Emit(0xC3);

    /// <summary>vector = 0: VPXORD.</summary>
    public void Clear(int vector)
    {
        Evex(vector, vector, map: 1, prefix: 1, wide: false, broadcast: false, x: (vector >> 4) & 1, b: (vector >> 3) & 1);
        Emit(0xEF, (byte)(0xC0 | (vector & 7) << 3 | vector & 7));
    }

    /// <summary>vector = the 64 bytes at source: VMOVDQU64.</summary>
    public void Load(int vector, GeneralRegister source)
    {
        Evex(vector, 0, map: 1, prefix: 2, wide: true, broadcast: false, x: 0, b: (int)source >> 3);
        Emit(0x6F, ModRm(0, (GeneralRegister)(vector & 7), source));
    }

    /// <summary>The 64 bytes at target + 64 x index = vector: VMOVDQU64.</summary>
    public void Store(int vector, GeneralRegister target, sbyte index)
    {
        Evex(vector, 0, map: 1, prefix: 2, wide: true, broadcast: false, x: 0, b: (int)target >> 3);
        Emit(0x7F, ModRm(1, (GeneralRegister)(vector & 7), target), (byte)index);
    }

    /// <summary>Adds to each of 16 numbers the products of four unsigned bytes of its own and the four signed bytes at source + index x scale: VPDPBUSD.</summary>
    /// <param name="sums">The numbers.</param>
    /// <param name="unsigned">The unsigned bytes.</param>
    /// <param name="source">Where the signed ones are.</param>
    /// <param name="index">Added to it; null for nothing.</param>
    /// <param name="scale">1 or 2.</param>
    public void MultiplyBytes(int sums, int unsigned, GeneralRegister source, GeneralRegister? index = null, int scale = 1)
    {
        Evex(sums, unsigned, map: 2, prefix: 1, wide: false, broadcast: true, x: (int)(index ?? 0) >> 3, b: (int)source >> 3);
        Emit(0x50);
        if (index is { } register)
        {
            Emit(ModRm(0, (GeneralRegister)(sums & 7), (GeneralRegister)UseSib), Sib(scale == 2 ? 1 : 0, register, source));
        }
        else
        {
            Emit(ModRm(0, (GeneralRegister)(sums & 7), source));
        }
    }

    private void Emit(params ReadOnlySpan<byte> code) => bytes.AddRange(code);

    /// <summary>64 bits wide; the fourth bits of the registers.</summary>
    private static byte Rex(GeneralRegister register, GeneralRegister index, GeneralRegister memory) => (byte)(0x48 | (int)register >> 3 << 2 | (int)index >> 3 << 1 | (int)memory >> 3);

    private static byte ModRm(int mode, GeneralRegister register, GeneralRegister memory) => (byte)(mode << 6 | ((int)register & 7) << 3 | (int)memory & 7);

    private static byte Sib(int scale, GeneralRegister index, GeneralRegister source) => (byte)(scale << 6 | ((int)index & 7) << 3 | (int)source & 7);

    /// <summary>The prefix of an instruction on 512 bits. Its bits for registers are inverted.</summary>
    private void Evex(int register, int source, int map, int prefix, bool wide, bool broadcast, int x, int b)
    {
        int first = (~register & 8) << 4 | (~x & 1) << 6 | (~b & 1) << 5 | (~register & 16) | map;
        int second = (wide ? 0x80 : 0) | (~source & 15) << 3 | 4 | prefix;
        int third = 0x40 | (broadcast ? 0x10 : 0) | (~source & 16) >> 1;
        Emit(0x62, (byte)first, (byte)second, (byte)third);
    }
}
