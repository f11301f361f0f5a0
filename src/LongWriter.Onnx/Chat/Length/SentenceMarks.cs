namespace LongWriter.Onnx.Chat.Length;

/// <summary>Characters that end sentences, in English and Chinese, and those that may stand behind such a stop and belong to the sentence.</summary>
internal static class SentenceMarks
{
    public static bool IsStop(char c) => c is '.' or '!' or '?' or '…' or '。' or '！' or '？' or '｡' or '．' or '‼' or '⁇' or '⁈' or '⁉';

    public static bool IsCloser(char c) =>
        c is '"' or '\'' or ')' or ']' or '}' or '*' or '_' or '’' or '”' or '»' or '›' or '」' or '』' or '）' or '】' or '》' or '〉' or '〕' or '］' or '｣';
}
