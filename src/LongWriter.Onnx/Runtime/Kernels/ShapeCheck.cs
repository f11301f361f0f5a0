using System.Runtime.CompilerServices;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>What kernels ask of their inputs' shapes.</summary>
internal static class ShapeCheck
{
    /// <param name="holds">Whether it is as it must be.</param>
    /// <param name="expected">What must be; made into text only where it is not, so that a step allocates nothing.</param>
    /// <param name="found">The shape that was given.</param>
    /// <exception cref="OnnxRuntimeException">It is not.</exception>
    public static void Require(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ExpectedText expected, ReadOnlySpan<long> found)
    {
        if (!holds)
        {
            throw new OnnxRuntimeException($"{expected.Text}, found [{string.Join(", ", found.ToArray())}].", OnnxRuntimeErrorCode.InvalidArgument);
        }
    }

    /// <summary>Rows of a tensor, given its dimensions but for the last.</summary>
    public static int CountRows(ReadOnlySpan<long> shape)
    {
        long rows = 1;
        foreach (long dimension in shape)
        {
            rows = checked(rows * dimension);
        }

        return checked((int)rows);
    }

    /// <summary>A text that is made only when a condition does not hold.</summary>
    [InterpolatedStringHandler]
    public ref struct ExpectedText
    {
        private DefaultInterpolatedStringHandler text;

        public ExpectedText(int literalLength, int formattedCount, bool holds, out bool isNeeded)
        {
            isNeeded = !holds;
            text = isNeeded ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, System.Globalization.CultureInfo.InvariantCulture) : default;
        }

        public string Text => text.ToStringAndClear();

        public void AppendLiteral(string value) => text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => text.AppendFormatted(value);
    }
}
