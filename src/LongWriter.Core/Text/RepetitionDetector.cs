namespace LongWriter.Text;

/// <summary>
/// Sees that a text being written has run into a loop: its end is the same words over and over. Fed with chunks as they stream;
/// how the text is cut into chunks changes nothing. Exact repeats only: a loop with a counter in it is not one. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// The last tokens stand in a ring. Now and then the Z-function of the reversed ring is computed: z[p] is how long the tail agrees with
/// itself p tokens earlier, for all p in one linear pass. Window over check interval, 64 by default, bounds the steps per token.
/// </remarks>
internal sealed class RepetitionDetector
{
    private readonly RepetitionDetectorOptions _options;
    private readonly RepetitionTokenizer _tokenizer = new();
    private readonly RepetitionToken[] _ring;
    private readonly RepetitionToken[] _reversed;
    private readonly int[] _z;
    private long _tokens;
    private int _whiteSpace;
    private int _length;
    private int? _loopStart;

    public RepetitionDetector(RepetitionDetectorOptions? options = null)
    {
        _options = options ?? new RepetitionDetectorOptions();
        _options.Validate();
        _ring = new RepetitionToken[_options.WindowTokens];
        _reversed = new RepetitionToken[_options.WindowTokens];
        _z = new int[_options.WindowTokens];
    }

    /// <summary>
    /// How much of the whole text to keep, UTF-16 units: up to the end of what is then repeated, so the repeated part remains once.
    /// All of the text while no loop is found.
    /// </summary>
    public int LoopStart => _loopStart ?? _length;

    /// <summary>Adds text.</summary>
    /// <returns>True once a loop is found, and from then on.</returns>
    public bool Append(ReadOnlySpan<char> chunk)
    {
        foreach (char c in chunk)
        {
            if (_loopStart is not null)
            {
                break;
            }

            _whiteSpace = char.IsWhiteSpace(c) ? _whiteSpace + 1 : 0;
            if (_whiteSpace > _options.MaxWhiteSpace)
            {
                _loopStart = _length + 1 - _whiteSpace;
            }
            else if (_tokenizer.TryAppend(c, _length, out RepetitionToken first, out RepetitionToken second))
            {
                Add(first);
                Add(second);
            }

            _length++;
        }

        return _loopStart is not null;
    }

    private void Add(RepetitionToken token)
    {
        if (token.Kind == RepetitionTokenKind.None || _loopStart is not null)
        {
            return;
        }

        _ring[_tokens % _ring.Length] = token;
        _tokens++;
        if (_tokens % _options.CheckEveryTokens == 0)
        {
            _loopStart = FindLoop();
        }
    }

    private int? FindLoop()
    {
        int count = (int)Math.Min(_tokens, _ring.Length);
        for (int i = 0; i < count; i++)
        {
            _reversed[i] = _ring[(_tokens - 1 - i) % _ring.Length];
        }

        ReadOnlySpan<RepetitionToken> tail = _reversed.AsSpan(0, count);
        FillZ(tail);
        for (int period = 1; period * _options.MinRepeats <= count; period++)
        {
            int covered = _z[period] + period;
            if (covered >= period * _options.MinRepeats && IsLoop(tail[..covered]))
            {
                return EndOfFirst(tail[..covered], period);
            }
        }

        return null;
    }

    // z[p] is the length of the longest common prefix of the tail and the tail from p on.
    private void FillZ(ReadOnlySpan<RepetitionToken> tail)
    {
        int left = 0;
        int right = 0;
        for (int i = 1; i < tail.Length; i++)
        {
            int same = i < right ? Math.Min(right - i, _z[i - left]) : 0;
            while (i + same < tail.Length && tail[same].Hash == tail[i + same].Hash)
            {
                same++;
            }

            if (i + same > right)
            {
                (left, right) = (i, i + same);
            }

            _z[i] = same;
        }
    }

    private bool IsLoop(ReadOnlySpan<RepetitionToken> covered)
    {
        int words = 0;
        foreach (RepetitionToken token in covered)
        {
            words += token.Kind == RepetitionTokenKind.Word ? 1 : 0;
        }

        return words >= _options.MinLoopWords || covered.Length >= _options.MinLoopSymbols;
    }

    // Where the second of the repeats begins, after the punctuation that belongs to the first.
    private static int EndOfFirst(ReadOnlySpan<RepetitionToken> covered, int period)
    {
        int second = covered.Length - 1 - period;
        int last = second - period;
        while (second > last && covered[second].Kind == RepetitionTokenKind.Symbol && covered[second].Start == covered[second + 1].End)
        {
            second--;
        }

        return covered[second + 1].End;
    }
}
