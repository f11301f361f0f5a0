using System.Text.Json.Nodes;

namespace LongWriter.Onnx.Tests;

/// <summary>Files of tests/golden, found from the test program's folder upwards.</summary>
internal static class GoldenFiles
{
    public static JsonNode Read(params string[] parts)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string file = Path.Combine([folder.FullName, "tests", "golden", .. parts]);
            if (File.Exists(file))
            {
                return JsonNode.Parse(File.ReadAllText(file))!;
            }
        }

        throw new FileNotFoundException($"tests/golden/{string.Join('/', parts)} is not above the test program's folder.");
    }
}
