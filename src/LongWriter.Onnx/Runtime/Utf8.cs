using System.Runtime.InteropServices;
using System.Text;

namespace LongWriter.Onnx.Runtime;

/// <summary>Strings at the border to native code: UTF-8, ended by a zero byte.</summary>
internal static unsafe class Utf8
{
    /// <summary>The text at <paramref name="text"/>, or null for a null pointer.</summary>
    public static string? Read(byte* text) => text is null ? null : Marshal.PtrToStringUTF8((nint)text);

    /// <summary>A path as the library wants it: UTF-16 on Windows and bytes elsewhere.</summary>
    public static byte[] WritePath(string path) => OperatingSystem.IsWindows() ? Encoding.Unicode.GetBytes(path + '\0') : Write(path);

    /// <summary>A copy of <paramref name="text"/> as bytes with the ending zero; pin it while native code reads it.</summary>
    public static byte[] Write(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("A text that goes to native code must not contain a zero character.", nameof(text));
        }

        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
