using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Export;

/// <summary>
/// Writes a projection: one or several weight matrices [outputs, inputs] stacked by outputs, as MatMul over floats or as MatMulNBits over blocks.
/// Weights pass through row by row (quantized) or tile by tile (floats), so memory does not grow with the model.
/// </summary>
internal sealed class ProjectionWriter(GraphWriter graph, ExternalDataWriter data, SafetensorsModel source, ExportOptions options)
{
    // int8 activations: on the CPU several times faster than float ones (measured: 9 against 17 ms per token, 42 for two).
    private const int AccuracyLevel = 4;

    /// <summary>16 MB of transposed weights at a time.</summary>
    private const int TileElements = 4 * 1024 * 1024;

    private readonly FloatWriter floats = new(PrecisionTypes.Of(options.Activations));

    /// <summary>Adds the nodes for input @ concat(weights)^T + concat(biases).</summary>
    /// <param name="name">Prefix of the names.</param>
    /// <param name="input">What is multiplied.</param>
    /// <param name="parts">The stacked matrices.</param>
    /// <param name="columns">Inputs of each.</param>
    /// <param name="gated">Whether the input is gates and values, of which each pair gives one number; only with operators of ours.</param>
    public string Write(string name, string input, IReadOnlyList<ProjectionPart> parts, int columns, bool gated = false)
    {
        TensorInfo[] weights = [.. parts.Select(part => source.Require($"{part.Name}.weight", part.Rows, columns))];
        int rows = parts.Sum(part => part.Rows);
        BlockLayout layout = LayoutOf(parts, columns);
        string product = options.HasOwnOperators
            ? graph.Node(name, BlockMatMul.OperatorName, [input, WriteGroups(name, weights, layout)], GraphWriter.OwnDomain, [.. Attributes(layout), GraphWriter.Attribute("gated", gated ? 1 : 0)])
            : options.HasBlocks
            ? WriteBlocks(name, input, weights, rows, columns)
            : WriteFloat(name, input, weights, rows, columns);
        return parts.Any(part => part.HasBias) ? AddBias(name, product, parts) : product;
    }

    /// <summary>MatMul wants [inputs, outputs], the source has [outputs, inputs]: a few columns of all rows are gathered at a time.</summary>
    private string WriteFloat(string name, string input, TensorInfo[] weights, int rows, int columns)
    {
        int tileColumns = Math.Clamp(TileElements / rows, 1, columns);
        float[] part = new float[tileColumns];
        float[] tile = new float[checked(tileColumns * rows)];
        string tensor = graph.Initializer(data.Begin($"{name}.weight", floats.Type, columns, rows));
        for (int start = 0; start < columns; start += tileColumns)
        {
            int width = Math.Min(tileColumns, columns - start);
            int target = 0;
            foreach (TensorInfo weight in weights)
            {
                for (int i = 0; i < weight.Shape[0]; i++, target++)
                {
                    source.Read(weight, (long)i * columns + start, part.AsSpan(0, width));
                    for (int column = 0; column < width; column++)
                    {
                        tile[column * rows + target] = part[column];
                    }
                }
            }

            floats.Write(data, tile.AsSpan(0, width * rows));
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

        string scaleTensor = graph.Initializer(data.Begin($"{name}.scales", floats.Type, rows, blocks));
        floats.Write(data, scales);
        return graph.Node(name, "MatMulNBits", [input, quantized, scaleTensor], GraphWriter.MicrosoftDomain,
            GraphWriter.Attribute("K", columns), GraphWriter.Attribute("N", rows), GraphWriter.Attribute("bits", bits),
            GraphWriter.Attribute("block_size", options.BlockSize), GraphWriter.Attribute("accuracy_level", AccuracyLevel));
    }

    /// <summary>The same of a normalized sum, with operators of ours; gives the product and the sum.</summary>
    public (string Product, string Sum) WriteNormed(string name, NormedInput input, IReadOnlyList<ProjectionPart> parts, int columns)
    {
        TensorInfo[] weights = [.. parts.Select(part => source.Require($"{part.Name}.weight", part.Rows, columns))];
        BlockLayout layout = LayoutOf(parts, columns);
        string sum = $"{name}.sum";
        graph.Node(name, NormedBlockMatMul.OperatorName, [input.Stream, input.Branch, input.NormWeight, WriteGroups(name, weights, layout)], [name, sum], GraphWriter.OwnDomain,
            [.. Attributes(layout), GraphWriter.Attribute("epsilon", input.Epsilon)]);
        return (parts.Any(part => part.HasBias) ? AddBias(name, name, parts) : name, sum);
    }

    /// <summary>Only the weights, for an operator of ours that multiplies by them among other things.</summary>
    public string WriteWeights(string name, IReadOnlyList<ProjectionPart> parts, int columns) =>
        WriteGroups(name, [.. parts.Select(part => source.Require($"{part.Name}.weight", part.Rows, columns))], LayoutOf(parts, columns));

    private BlockLayout LayoutOf(IReadOnlyList<ProjectionPart> parts, int columns) =>
        new(columns, parts.Sum(part => part.Rows), options.Weights == WeightPrecision.Int8 ? 8 : 4, options.BlockSize);

    private static AttributeProto[] Attributes(BlockLayout layout) =>
    [
        GraphWriter.Attribute("K", layout.Inputs), GraphWriter.Attribute("N", layout.Outputs),
        GraphWriter.Attribute("bits", layout.Bits), GraphWriter.Attribute("block_size", layout.BlockSize),
    ];

    private string WriteGroups(string name, TensorInfo[] weights, BlockLayout layout)
    {
        float[] row = new float[layout.Inputs];
        byte[] quants = new byte[BlockLayout.GroupRows * layout.PaddedInputs];
        float[] scales = new float[BlockLayout.GroupRows * layout.Blocks];
        byte[] group = new byte[layout.GroupBytes];
        int filled = 0;
        string tensor = graph.Initializer(data.Begin($"{name}.weight", TensorElementType.UInt8, layout.Bytes));
        foreach (TensorInfo weight in weights)
        {
            for (int i = 0; i < weight.Shape[0]; i++)
            {
                source.Read(weight, (long)i * layout.Inputs, row);
                BlockQuantizer.Quantize(row, layout, quants.AsSpan(filled * layout.PaddedInputs, layout.PaddedInputs), scales.AsSpan(filled * layout.Blocks, layout.Blocks));
                if (++filled == BlockLayout.GroupRows)
                {
                    WriteGroup();
                }
            }
        }

        if (filled > 0)
        {
            WriteGroup();
        }

        return tensor;

        void WriteGroup()
        {
            layout.PackGroup(quants, scales, filled, group);
            data.Write<byte>(group);
            filled = 0;
        }
    }

    private string AddBias(string name, string product, IReadOnlyList<ProjectionPart> parts) => graph.Node($"{name}.biased", "Add", [product, WriteBiases(name, parts)]);

    /// <summary>Only the biases, for an operator of ours that adds them among other things; "" where there are none.</summary>
    public string WriteBiases(string name, IReadOnlyList<ProjectionPart> parts)
    {
        if (!parts.Any(part => part.HasBias))
        {
            return "";
        }

        string tensor = graph.Initializer(data.Begin($"{name}.bias", floats.Type, parts.Sum(part => part.Rows)));
        foreach (ProjectionPart part in parts)
        {
            floats.Write(data, part.HasBias ? source.ReadAll(source.Require($"{part.Name}.bias", part.Rows)) : new float[part.Rows]);
        }

        return tensor;
    }
}

/// <summary>What is added and normalized before it is multiplied.</summary>
/// <param name="Stream">What is added to.</param>
/// <param name="Branch">What is added.</param>
/// <param name="NormWeight">The norm's weights.</param>
/// <param name="Epsilon">The norm's.</param>
internal readonly record struct NormedInput(string Stream, string Branch, string NormWeight, float Epsilon);

/// <summary>One of the matrices of a projection.</summary>
/// <param name="Name">Name in the source, without ".weight".</param>
/// <param name="Rows">Outputs.</param>
/// <param name="HasBias">True when "Name.bias" is added.</param>
internal readonly record struct ProjectionPart(string Name, int Rows, bool HasBias = false);
