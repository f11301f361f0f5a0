using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>Inputs and outputs of a step with a given number of tokens and of rows of logits: the last rows of the step.</summary>
internal sealed class StepTensors : IDisposable
{
    public StepTensors(OrtEnvironment environment, int tokens, int rows, int vocabSize)
    {
        Tokens = tokens;
        Rows = rows;
        InputIds = OrtTensor.Allocate(environment, TensorElementType.Int64, 1, tokens);
        LogitIndex = OrtTensor.Allocate(environment, TensorElementType.Int64, rows);
        Logits = OrtTensor.Allocate(environment, TensorElementType.Float, rows, vocabSize);
        Span<long> index = LogitIndex.AsSpan<long>();
        for (int row = 0; row < rows; row++)
        {
            index[row] = tokens - rows + row;
        }
    }

    public int Tokens { get; }

    public int Rows { get; }

    public OrtTensor InputIds { get; }

    public OrtTensor LogitIndex { get; }

    public OrtTensor Logits { get; }

    public void Dispose()
    {
        InputIds.Dispose();
        LogitIndex.Dispose();
        Logits.Dispose();
    }
}
