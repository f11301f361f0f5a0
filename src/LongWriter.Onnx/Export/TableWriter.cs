using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Export;

/// <summary>Writes the tables of a decoder: those with a row for each token, row by row, and those with a row for each position.</summary>
internal sealed class TableWriter(GraphWriter graph, ExternalDataWriter data, SafetensorsModel source, ModelConfig config)
{
    /// <summary>Initializer with a row for each position.</summary>
    internal const string CosineTable = "rope.cos";

    /// <summary>A table (vocabulary, hidden size).</summary>
    /// <param name="name">Of the initializer.</param>
    /// <param name="sourceName">Of the tensor in the source.</param>
    /// <param name="type">Float, Float16 or BFloat16.</param>
    public string Write(string name, string sourceName, TensorElementType type)
    {
        TensorInfo table = source.Require(sourceName, config.VocabSize, config.HiddenSize);
        string tensor = graph.Initializer(data.Begin(name, type, config.VocabSize, config.HiddenSize));
        var floats = new FloatWriter(type);
        float[] row = new float[config.HiddenSize];
        for (int i = 0; i < config.VocabSize; i++)
        {
            source.Read(table, (long)i * config.HiddenSize, row);
            floats.Write(data, row);
        }

        return tensor;
    }

    /// <summary>Cosines and sines (positions, half a head).</summary>
    /// <param name="positions">How many.</param>
    /// <param name="type">Float, Float16 or BFloat16.</param>
    public (string Cosines, string Sines) WriteRotary(int positions, TensorElementType type)
    {
        RopeFrequencies rope = RopeFrequencies.From(config);
        var floats = new FloatWriter(type);
        return (WriteFunction(CosineTable, Math.Cos), WriteFunction("rope.sin", Math.Sin));

        string WriteFunction(string name, Func<double, double> function)
        {
            float[] row = new float[config.HeadDim / 2];
            string tensor = graph.Initializer(data.Begin(name, type, positions, row.Length));
            for (int position = 0; position < positions; position++)
            {
                for (int pair = 0; pair < row.Length; pair++)
                {
                    row[pair] = (float)(function(position * rope.Frequencies[pair]) * rope.AttentionFactor);
                }

                floats.Write(data, row);
            }

            return tensor;
        }
    }
}
