using System.Runtime.Intrinsics.X86;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>
/// Products of bytes for eight rows and 16 columns by the instruction VPDPBUSD, which .NET has no name for where it came with AVX-512, and which does in one what <see cref="Lanes"/> does in three.
/// The function is written into memory when it is first needed, on Linux; elsewhere, and on processors without it, there is none. The AppContext switch <see cref="SwitchName"/> turns it off.
/// </summary>
internal static unsafe class DotProductCode
{
    public const string SwitchName = "LongWriter.Onnx.GeneratedCode";

    /// <summary>Rows that the function takes.</summary>
    public const int Rows = 8;

    private const int FirstSum = 16;
    private const int Weights = FirstSum + Rows;
    private const int VnniBit = 1 << 11;

    /// <summary>The function, which allocates nothing and never waits; null where there is none.</summary>
    public static readonly delegate* unmanaged[SuppressGCTransition]<Arguments*, void> Function = Create();

    /// <summary>What the function is called with.</summary>
    internal struct Arguments
    {
        /// <summary>For each step 64 unsigned bytes: four inputs of each of 16 columns.</summary>
        public byte* Weights;

        /// <summary>For each step four signed bytes of the first row.</summary>
        public sbyte* Activations;

        /// <summary>The same of the fifth row.</summary>
        public sbyte* FifthActivations;

        /// <summary>Bytes from one row to the next one.</summary>
        public nint Stride;

        /// <summary>1 or more.</summary>
        public nint Steps;

        /// <summary>Receives (8, 16).</summary>
        public int* Sums;
    }

    /// <summary>The code, as a function of one pointer.</summary>
    internal static byte[] Write(bool isWindows)
    {
        var code = new MachineCode();
        code.Move(GeneralRegister.Rax, isWindows ? GeneralRegister.Rcx : GeneralRegister.Rdi);
        code.Load(GeneralRegister.Rdx, GeneralRegister.Rax, 0);
        code.Load(GeneralRegister.R8, GeneralRegister.Rax, 8);
        code.Load(GeneralRegister.Rcx, GeneralRegister.Rax, 16);
        code.Load(GeneralRegister.R9, GeneralRegister.Rax, 24);
        code.Load(GeneralRegister.R11, GeneralRegister.Rax, 40);
        code.Load(GeneralRegister.Rax, GeneralRegister.Rax, 32);
        code.Triple(GeneralRegister.R10, GeneralRegister.R9);
        for (int row = 0; row < Rows; row++)
        {
            code.Clear(FirstSum + row);
        }

        int loop = code.Position;
        code.Load(Weights, GeneralRegister.Rdx);
        for (int row = 0; row < Rows; row += 4)
        {
            GeneralRegister activations = row == 0 ? GeneralRegister.R8 : GeneralRegister.Rcx;
            code.MultiplyBytes(FirstSum + row, Weights, activations);
            code.MultiplyBytes(FirstSum + row + 1, Weights, activations, GeneralRegister.R9);
            code.MultiplyBytes(FirstSum + row + 2, Weights, activations, GeneralRegister.R9, 2);
            code.MultiplyBytes(FirstSum + row + 3, Weights, activations, GeneralRegister.R10);
        }

        code.Add(GeneralRegister.Rdx, 64);
        code.Add(GeneralRegister.R8, 4);
        code.Add(GeneralRegister.Rcx, 4);
        code.Add(GeneralRegister.Rax, -1);
        code.JumpBackUnlessZero(loop);
        for (int row = 0; row < Rows; row++)
        {
            code.Store(FirstSum + row, GeneralRegister.R11, (sbyte)row);
        }

        code.Return();
        return code.Bytes.ToArray();
    }

    private static delegate* unmanaged[SuppressGCTransition]<Arguments*, void> Create()
    {
        bool isWanted = !AppContext.TryGetSwitch(SwitchName, out bool isOn) || isOn;
        return isWanted && LinuxPages.IsSupported && Avx512BW.X64.IsSupported && (X86Base.CpuId(7, 0).Ecx & VnniBit) != 0
            ? (delegate* unmanaged[SuppressGCTransition]<Arguments*, void>)LinuxPages.TryMakeExecutable(Write(isWindows: false))
            : null;
    }
}
