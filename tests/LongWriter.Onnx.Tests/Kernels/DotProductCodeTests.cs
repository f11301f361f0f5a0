using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>The function that is written into memory, called by itself; products that go through it are compared with others in <see cref="BlockMatMulTests"/>.</summary>
public sealed class DotProductCodeTests
{
    [Fact]
    public unsafe void Function_EightRows_SumsProductsOfBytes()
    {
        Assert.SkipWhen(DotProductCode.Function == null, "No VPDPBUSD on this machine.");
        const int Steps = 5, Stride = 48;
        var random = new Random(4);
        byte[] weights = new byte[Steps * 64];
        byte[] rows = new byte[8 * Stride];
        random.NextBytes(weights);
        random.NextBytes(rows);
        int[] sums = new int[8 * 16];
        fixed (byte* weightBytes = weights, rowBytes = rows)
        fixed (int* results = sums)
        {
            var arguments = new DotProductCode.Arguments
            {
                Weights = weightBytes, Activations = (sbyte*)rowBytes, FifthActivations = (sbyte*)rowBytes + 4 * Stride, Stride = Stride, Steps = Steps, Sums = results,
            };
            DotProductCode.Function(&arguments);
        }

        int[] expected =
        [
            .. from row in Enumerable.Range(0, 8)
               from column in Enumerable.Range(0, 16)
               select Enumerable.Range(0, 4 * Steps).Sum(i => weights[i / 4 * 64 + column * 4 + i % 4] * (sbyte)rows[row * Stride + i]),
        ];
        Assert.Equal(expected, sums);
    }

    /// <summary>The instructions, byte by byte, as an assembler writes them (GNU as 2.40).</summary>
    [Fact]
    public void Bytes_OfEachInstruction_AreThoseOfAnAssembler()
    {
        var code = new MachineCode();
        code.Move(GeneralRegister.Rax, GeneralRegister.Rdi);
        code.Load(GeneralRegister.R11, GeneralRegister.Rax, 0x28);
        code.Triple(GeneralRegister.R10, GeneralRegister.R9);
        code.Clear(17);
        code.Load(24, GeneralRegister.Rdx);
        code.MultiplyBytes(16, 24, GeneralRegister.R8);
        code.MultiplyBytes(18, 24, GeneralRegister.R8, GeneralRegister.R9, 2);
        code.MultiplyBytes(23, 24, GeneralRegister.Rcx, GeneralRegister.R10);
        code.Add(GeneralRegister.R8, 4);
        code.JumpBackUnlessZero(0);
        code.Store(23, GeneralRegister.R11, 7);
        code.Return();

        Assert.Equal(
            "4889F8" + "4C8B5828" + "4F8D1449" + "62A17540EFC9" + "6261FE486F02" + "62C23D505000" + "62823D50501448" + "62A23D50503C11" + "4983C004" + "0F85CBFFFFFF" + "62C1FE487F7B07" + "C3",
            Convert.ToHexString(code.Bytes));
    }

    [Fact]
    public void Write_ForWindows_TakesItsArgumentFromAnotherRegister()
    {
        byte[] linux = DotProductCode.Write(isWindows: false);
        byte[] windows = DotProductCode.Write(isWindows: true);

        Assert.Equal([0x48, 0x89, 0xF8], linux[..3]);
        Assert.Equal([0x48, 0x89, 0xC8], windows[..3]);
        Assert.Equal(linux[3..], windows[3..]);
    }
}
