using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Export;

/// <summary>
/// Writes a projection: one or several weight matrices [outputs, inputs] stacked by outputs, as MatMul over float32 or as MatMulNBits over blocks.
/// Quantized weights pass through row by row; float32 ones need the transposed matrix in memory, one at a time.
/// </summary>
internal sealed class ProjectionWriter(GraphWriter graph, ExternalDataWriter data, SafetensorsModel source, ExportOptions options)
{
    // int8 activations: on the CPU several times faster than float ones (measured: 9 against 17 ms per token, 42 for two).
    private const int AccuracyLevel = 4;

    /// <summary>Adds the nodes for input @ concat(weights)^T + concat(biases).</summary>
    /// <param name="name">Prefix of the names.</param>
    /// <param name="input">What is multiplied.</param>
    /// <param name="parts">The stacked matrices.</param>
    /// <param name="columns">Inputs of each.</param>
    public string Write(string name, string input, IReadOnlyList<ProjectionPart> parts, int columns)
    {
        TensorInfo[] weights = [.. parts.Select(part => source.Require($"{part.Name}.weight", part.Rows, columns))];
        int rows = parts.Sum(part => part.Rows);
        string product = options.Weights == WeightPrecision.Float32
            ? WriteFloat(name, input, weights, rows, columns)
            : WriteBlocks(name, input, weights, rows, columns);
        return parts.Any(part => part.HasBias) ? AddBias(name, product, parts, rows) : product;
    }

    private string WriteFloat(string name, string input, TensorInfo[] weights, int rows, int columns)
    {
        float[] row = new float[columns];
        float[] transposed = new float[checked(rows * (long)columns)];
        int target = 0;
        foreach (TensorInfo weight in weights)
        {
            for (int i = 0; i < weight.Shape[0]; i++, target++)
            {
                source.Read(weight, (long)i * columns, row);
                for (int column = 0; column < columns; column++)
                {
                    transposed[(long)column * rows + target] = row[column];
                }
            }
        }

        string tensor = graph.Initializer(data.Begin($"{name}.weight", TensorElementType.Float, columns, rows));
        for (long start = 0; start < transposed.Length; start += rows)
        {
            data.Write<float>(transposed.AsSpan((int)start, rows));
        }

        return graph.Node(name, "MatMul", [input, tensor]);
    }

    private string WriteBlocks(string name, string input, TensorInfo[] weights, int rows, int columns)
    {
        int bits = options.Weights == WeightPrecision.Int8 ? 8 : 4;
        int blocks = BlockQuantizer.BlocksPerRow(columns, options.BlockSize);
        float[] row = new float[columns];
        byte[] packed = new byte[BlockQuantizer.BytesPerRow(columns, options.BlockSize, bits)];
        float[] scales = new float[checked(rows * (long)blocks)];
        int target = 0;

        string quantized = graph.Initializer(data.Begin($"{name}.weight", TensorElementType.UInt8, rows, blocks, options.BlockSize * bits / 8));
        foreach (TensorInfo weight in weights)
        {
            for (int i = 0; i < weight.Shape[0]; i++, target++)
            {
                source.Read(weight, (long)i * columns, row);
                Span<float> rowScales = scales.AsSpan(target * blocks, blocks);
                if (bits == 8)
                {
                    BlockQuantizer.QuantizeInt8(row, options.BlockSize, packed, rowScales);
                }
                else
                {
                    BlockQuantizer.QuantizeInt4(row, options.BlockSize, packed, rowScales);
                }

                data.Write<byte>(packed);
            }
        }

        string scaleTensor = graph.Initializer(data.Begin($"{name}.scales", TensorElementType.Float, rows, blocks));
        data.Write<float>(scales);
        return graph.Node(name, "MatMulNBits", [input, quantized, scaleTensor], GraphWriter.MicrosoftDomain,
            GraphWriter.Attribute("K", columns), GraphWriter.Attribute("N", rows), GraphWriter.Attribute("bits", bits),
            GraphWriter.Attribute("block_size", options.BlockSize), GraphWriter.Attribute("accuracy_level", AccuracyLevel));
    }

    private string AddBias(string name, string product, IReadOnlyList<ProjectionPart> parts, int rows)
    {
        string tensor = graph.Initializer(data.Begin($"{name}.bias", TensorElementType.Float, rows));
        foreach (ProjectionPart part in parts)
        {
            data.Write<float>(part.HasBias ? source.ReadAll(source.Require($"{part.Name}.bias", part.Rows)) : new float[part.Rows]);
        }

        return graph.Node($"{name}.biased", "Add", [product, tensor]);
    }
}

/// <summary>One of the matrices of a projection.</summary>
/// <param name="Name">Name in the source, without ".weight".</param>
/// <param name="Rows">Outputs.</param>
/// <param name="HasBias">True when "Name.bias" is added.</param>
internal readonly record struct ProjectionPart(string Name, int Rows, bool HasBias = false);
