namespace LongWriter.Scoring;

/// <summary>
/// Cuts a text into windows that overlap, without a tokenizer: how many characters fill a window is learnt from the tokens that come back. For one
/// use.
/// </summary>
internal sealed class NllWindows(ITokenLogProbabilities model, string text, int windowTokens, int overlapTokens)
{
    /// <summary>Fewest characters tried before a context counts as too small.</summary>
    private const int LeastNewChars = 4;

    /// <summary>Room for the difference between a guess and the tokens that come.</summary>
    private const double Margin = 0.9;

    private readonly int window = windowTokens;

    // Cautious at first: Chinese text can have more tokens than characters, English has about four characters in a token.
    private double charsPerToken = 1;
    private int windowLimit = windowTokens;
    private int contextStart;
    private int scored;

    /// <summary>The tokens of the next window that are not scored yet; null when the text is at its end.</summary>
    public async Task<IReadOnlyList<TokenLogProbability>?> NextAsync(CancellationToken cancellationToken)
    {
        int newChars = int.MaxValue;
        while (scored < text.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int guess = (int)Math.Min(windowLimit * charsPerToken * Margin, text.Length) - (scored - contextStart);
            newChars = Math.Min(Math.Max(guess, LeastNewChars), newChars);
            int end = EndOfWindow(Math.Min((long)scored + newChars, text.Length));
            IReadOnlyList<TokenLogProbability>? tokens = await TryReadAsync(end, cancellationToken).ConfigureAwait(false);
            if (tokens is null || tokens.Count > window)
            {
                newChars = Shrink(end - scored, tokens?.Count);
                continue;
            }

            return Advance(tokens, end);
        }

        return null;
    }

    /// <summary>Null when the window does not fit the model.</summary>
    private async Task<IReadOnlyList<TokenLogProbability>?> TryReadAsync(int end, CancellationToken cancellationToken)
    {
        try
        {
            return await model.GetLogProbabilitiesAsync(text[contextStart..end], cancellationToken).ConfigureAwait(false);
        }
        catch (ContextBudgetException error) when (end - scored > LeastNewChars || contextStart < scored)
        {
            // The model's context is smaller than the window that was asked for.
            windowLimit = Math.Clamp(error.AvailableTokens, 1, windowLimit);
            return null;
        }
    }

    /// <summary>Fewer new characters; when there are few already, less context.</summary>
    private int Shrink(int newChars, int? tokens)
    {
        if (newChars > LeastNewChars)
        {
            double share = tokens is { } count ? Margin * window / count : 0.5;
            return Math.Clamp((int)(newChars * Math.Min(share, Margin)), LeastNewChars, newChars - 1);
        }

        if (contextStart == scored)
        {
            throw new ContextBudgetException($"{newChars} characters take {tokens} tokens, more than the window of {window}.", tokens ?? 0, window);
        }

        contextStart = BorderAt(contextStart + Math.Max(1, (scored - contextStart) / 2));
        return int.MaxValue;
    }

    private List<TokenLogProbability> Advance(IReadOnlyList<TokenLogProbability> tokens, int end)
    {
        charsPerToken = Math.Max(0.05, (double)(end - contextStart) / Math.Max(1, tokens.Count));
        List<TokenLogProbability> fresh = [];
        int position = contextStart;
        foreach (TokenLogProbability token in tokens)
        {
            // All but the last token of a character have no text of their own, and belong to what follows.
            position += token.Text.Length;
            if (position > scored || (position == scored && token.Text.Length == 0))
            {
                fresh.Add(token);
            }
        }

        // The context of the next window: the last tokens of this one, by the characters they stand for.
        int first = Math.Max(0, tokens.Count - Math.Min(overlapTokens, Math.Max(1, windowLimit / 2)));
        int start = end;
        for (int i = tokens.Count - 1; i >= first; i--)
        {
            start -= tokens[i].Text.Length;
        }

        (contextStart, scored) = (BorderAt(Math.Clamp(start, contextStart, end)), end);
        return fresh;
    }

    /// <summary>At the last white space of the window, if one is near its end, so that no word is cut; never within a surrogate pair.</summary>
    private int EndOfWindow(long limit)
    {
        int end = (int)limit;
        if (end == text.Length)
        {
            return end;
        }

        int least = end - Math.Min((end - scored) / 4, 100);
        for (int i = end; i > least; i--)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                return i;
            }
        }

        return Math.Max(scored + 1, BorderAt(end));
    }

    private int BorderAt(int index) =>
        index > 0 && index < text.Length && char.IsLowSurrogate(text[index]) && char.IsHighSurrogate(text[index - 1]) ? index - 1 : index;
}
