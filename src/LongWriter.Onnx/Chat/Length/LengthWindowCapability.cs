using Microsoft.Extensions.AI;

namespace LongWriter.Onnx.Chat.Length;

/// <summary>Carries a window in chat options, where <see cref="ChatOptionsMapper"/> finds it.</summary>
internal sealed class LengthWindowCapability : ILengthWindow
{
    /// <summary>The key in <see cref="ChatOptions.AdditionalProperties"/>; its value is a <see cref="LengthWindow"/>.</summary>
    public const string PropertyName = "longwriter.length_window";

    public ChatOptions Limit(ChatOptions options, LengthWindow window)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(window);
        ChatOptions limited = options.Clone();

        // Clone copies the dictionary, so the caller's stays as it is.
        limited.AdditionalProperties ??= [];
        limited.AdditionalProperties[PropertyName] = window;
        return limited;
    }
}
