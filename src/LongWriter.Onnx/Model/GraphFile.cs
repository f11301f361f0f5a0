using System.Globalization;
using System.Text;
using Google.Protobuf;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Model;

/// <summary>
/// What a session does not tell about a graph's file: the files that hold its weights, and what keys and values go into, in graphs inside the graph too.
/// The file is passed over once and weights inside it are not kept. Field numbers are those of onnx.proto.
/// </summary>
/// <param name="ExternalFiles">Names of weight files, in ordinal order, and how many bytes each must have at least.</param>
/// <param name="Consumers">The operators that take a value, by the value's name.</param>
/// <param name="Weights">Tensors in those files, of the outermost graph.</param>
internal sealed record GraphFile(
    IReadOnlyDictionary<string, long> ExternalFiles, IReadOnlyDictionary<string, IReadOnlySet<string>> Consumers, IReadOnlyList<StoredTensor> Weights)
{
    /// <summary>Graphs within a graph, as the branches of If are; deeper ones are not looked into, and the runtime refuses them long before.</summary>
    private const int MaxDepth = 16;

    // ModelProto, GraphProto, NodeProto, AttributeProto, TensorProto, StringStringEntryProto.
    private const int ModelGraph = 7;
    private const int GraphNode = 1;
    private const int GraphInitializer = 5;
    private const int NodeInput = 1;
    private const int NodeOperator = 4;
    private const int NodeAttribute = 5;
    private const int AttributeTensor = 5;
    private const int AttributeGraph = 6;
    private const int TensorDimension = 1;
    private const int TensorDataType = 2;
    private const int TensorName = 8;
    private const int TensorExternalData = 13;
    private const int EntryKey = 1;
    private const int EntryValue = 2;

    /// <exception cref="ModelFormatException">The file is no ONNX model.</exception>
    public static GraphFile Read(string path)
    {
        var found = new Findings();
        try
        {
            using FileStream stream = File.OpenRead(path);
            using var input = new CodedInputStream(stream);
            bool hasGraph = false;
            Each(input, stream.Length, field =>
            {
                if (field != ModelGraph)
                {
                    return false;
                }

                hasGraph = true;
                return ReadGraph(input, found, depth: 0);
            });
            return hasGraph
                ? new GraphFile(found.Files, found.Consumers.ToDictionary(pair => pair.Key, pair => (IReadOnlySet<string>)pair.Value), found.Weights)
                : throw new ModelFormatException($"{Path.GetFileName(path)}: expected an ONNX model, found no graph.");
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelFormatException($"{Path.GetFileName(path)}: expected an ONNX model, found an error: {e.Message}", e);
        }
    }

    /// <summary>Paths of the graph and of its weight files.</summary>
    /// <param name="folder">Where they must be.</param>
    /// <param name="name">The graph's file in it.</param>
    /// <exception cref="ModelFormatException">One is missing, too short, or outside the folder.</exception>
    public IReadOnlyList<string> RequireFiles(string folder, string name)
    {
        List<string> paths = [Path.Combine(folder, name)];
        foreach ((string file, long lengthBytes) in ExternalFiles)
        {
            if (Path.IsPathRooted(file) || file.Split('/', '\\').Contains(".."))
            {
                throw new ModelFormatException($"{name}: external data: expected a file inside the folder, found '{file}'.");
            }

            string path = Path.Combine(folder, file);
            FileInfo target = LinkedFile.Resolve(path);
            if (!target.Exists)
            {
                throw new ModelFormatException($"{name}: external data: expected a file in '{folder}', found no '{file}'.");
            }

            if (target.Length < lengthBytes)
            {
                throw new ModelFormatException($"{file}: expected {lengthBytes} bytes or more by {name}, found {target.Length}.");
            }

            paths.Add(Path.GetFullPath(path));
        }

        return paths;
    }

    private static bool ReadGraph(CodedInputStream input, Findings found, int depth)
    {
        EachOfMessage(input, field => field switch
        {
            GraphNode => ReadNode(input, found, depth),
            GraphInitializer => ReadTensor(input, found, depth),
            _ => false,
        });
        return true;
    }

    private static bool ReadNode(CodedInputStream input, Findings found, int depth)
    {
        List<string> values = [];
        string operation = "";
        EachOfMessage(input, field =>
        {
            switch (field)
            {
                case NodeInput: values.Add(ReadText(input)); return true;
                case NodeOperator: operation = ReadText(input); return true;
                case NodeAttribute when depth < MaxDepth: return ReadAttribute(input, found, depth);
                default: return false;
            }
        });
        foreach (string value in values)
        {
            if (!found.Consumers.TryGetValue(value, out HashSet<string>? operations))
            {
                found.Consumers[value] = operations = new(StringComparer.Ordinal);
            }

            operations.Add(operation);
        }

        return true;
    }

    private static bool ReadAttribute(CodedInputStream input, Findings found, int depth)
    {
        EachOfMessage(input, field => field switch
        {
            AttributeTensor => ReadTensor(input, found, depth + 1),
            AttributeGraph => ReadGraph(input, found, depth + 1),
            _ => false,
        });
        return true;
    }

    private static bool ReadTensor(CodedInputStream input, Findings found, int depth)
    {
        Dictionary<string, string> place = [];
        List<long> shape = [];
        string name = "";
        int type = 0;
        int lengthBytes = input.ReadLength();
        Each(input, input.Position + lengthBytes, ReadField, ReadNumber);
        if (place.TryGetValue("location", out string? location))
        {
            // Both may be left out: from the beginning, to the end.
            long offset = Number("offset");
            long length = Number("length");
            Int128 end = (Int128)offset + length;
            found.Files[location] = Math.Max(found.Files.GetValueOrDefault(location), (long)Int128.Min(end, long.MaxValue));
            if (depth == 0)
            {
                found.Weights.Add(new StoredTensor(name, type, shape, location, offset, length));
            }
        }

        return true;

        bool ReadField(int field)
        {
            switch (field)
            {
                case TensorDimension: ReadPacked(); return true;
                case TensorName: name = ReadText(input); return true;
                case TensorExternalData: return ReadEntry(input, place);
                default: return false;
            }
        }

        bool ReadNumber(int field)
        {
            switch (field)
            {
                case TensorDimension: shape.Add(input.ReadInt64()); return true;
                case TensorDataType: type = input.ReadInt32(); return true;
                default: return false;
            }
        }

        void ReadPacked()
        {
            int bytes = input.ReadLength();
            for (long end = input.Position + bytes; input.Position < end;)
            {
                shape.Add(input.ReadInt64());
            }
        }

        long Number(string key) =>
            place.TryGetValue(key, out string? text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;
    }

    private static bool ReadEntry(CodedInputStream input, Dictionary<string, string> place)
    {
        string key = "";
        string value = "";
        EachOfMessage(input, field =>
        {
            switch (field)
            {
                case EntryKey: key = ReadText(input); return true;
                case EntryValue: value = ReadText(input); return true;
                default: return false;
            }
        });
        place[key] = value;
        return true;
    }

    private static string ReadText(CodedInputStream input) => Encoding.UTF8.GetString(input.ReadBytes().Span);

    private static void EachOfMessage(CodedInputStream input, Func<int, bool> read)
    {
        int lengthBytes = input.ReadLength();
        Each(input, input.Position + lengthBytes, read);
    }

    /// <summary>Calls <paramref name="read"/> with the number of each field that has a length, <paramref name="readNumber"/> with that of each number; what they do not read is passed over.</summary>
    private static void Each(CodedInputStream input, long end, Func<int, bool> read, Func<int, bool>? readNumber = null)
    {
        while (input.Position < end && input.ReadTag() is not 0 and uint tag)
        {
            Func<int, bool>? reader = WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.LengthDelimited => read,
                WireFormat.WireType.Varint => readNumber,
                _ => null,
            };
            if (reader?.Invoke(WireFormat.GetTagFieldNumber(tag)) != true)
            {
                input.SkipLastField();
            }
        }
    }

    private sealed class Findings
    {
        public SortedDictionary<string, long> Files { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, HashSet<string>> Consumers { get; } = new(StringComparer.Ordinal);

        public List<StoredTensor> Weights { get; } = [];
    }
}
