using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LongWriter.Onnx.Tests.Tokenization;

/// <summary>
/// Public-domain books outside the repository: a folder "shared" in an ancestor folder, or named by LONGWRITER_SHARED. A test
/// that asks for them is skipped where they are absent.
/// </summary>
internal static class BookText
{
    public static string Read(int characters)
    {
        string? file = Find();
        Assert.SkipWhen(file is null, "No shared/data/books/books.jsonl.xz in an ancestor folder, and LONGWRITER_SHARED names none.");
        using Process? unpack = TryStart(file!);
        Assert.SkipWhen(unpack is null, "The program xz, which unpacks the books, is not installed.");
        var text = new StringBuilder();
        while (text.Length < characters && unpack!.StandardOutput.ReadLine() is { } line)
        {
            using JsonDocument book = JsonDocument.Parse(line);
            foreach (JsonElement chapter in book.RootElement.GetProperty("chapters").EnumerateArray())
            {
                text.Append(chapter.GetProperty("text").GetString()).Append("\n\n");
            }
        }

        unpack!.Kill();
        return text.ToString(0, characters);
    }

    public static string HashOf(List<int> ids)
        => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<int>(CollectionsMarshal.AsSpan(ids))));

    private static string? Find()
    {
        var candidates = new List<string>();
        if (Environment.GetEnvironmentVariable("LONGWRITER_SHARED") is { Length: > 0 } named)
        {
            candidates.Add(named);
        }

        for (DirectoryInfo? folder = new(TokenizerVectors.Repository); folder is not null; folder = folder.Parent)
        {
            candidates.Add(Path.Combine(folder.FullName, "shared"));
        }

        return candidates.Select(folder => Path.Combine(folder, "data", "books", "books.jsonl.xz")).FirstOrDefault(File.Exists);
    }

    private static Process? TryStart(string file)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("xz", ["-dc", file]) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
