namespace LongWriter.Tests.Writing;

internal static class PlanReplyBroken
{
    private const string NoStep = "line 0: The reply has no step; expected lines such as \"Paragraph 1 - Main Point: <text> - Word Count: 400 words\".";
    private const string NoCount = "The step has no word count; expected one such as \"Word Count: 400 words\".";

    public static PlanReply[] All { get; } =
    [
        new("nothing", "", "line 0: The reply is empty; expected lines such as \"Paragraph 1 - Main Point: <text> - Word Count: 400 words\"."),
        new("blank", " \n\t\n ", "line 0: The reply is empty; expected lines such as \"Paragraph 1 - Main Point: <text> - Word Count: 400 words\"."),
        new("refusal", "I'm sorry, but I can't help with that request.", NoStep),
        new("prose", "Rome was founded by twins.\n\nIt took 300 words to tell the story of its kings, and more.", NoStep),
        new("only a total", "Total: 3,000 words", NoStep),
        new("a step without count", "Paragraph 1 - Main Point: A - Word Count: 300 words\nParagraph 2 - Main Point: B\nParagraph 3 - Main Point: C - Word Count: 300 words", "line 2: " + NoCount),
        new("the last step cut off", "Paragraph 1 - Main Point: A - Word Count: 300 words\nParagraph 2 - Main Point: B - Word", "line 2: " + NoCount),
        new("no step has a count", "Intro.\n\n1. The founding\n2. The kings\n", "line 3: " + NoCount + "\nline 4: " + NoCount),
        new("headings without counts", "# Rome\n## Dawn\nText.\n## Noon\nText.", "line 2: " + NoCount + "\nline 4: " + NoCount),
        new("a count of zero", "1. The founding (0 words)\n2. The kings (300 words)", "line 1: The word count must be 1 to 1,000,000 but is 0."),
        new("an absurd count", "1. The founding (300 words)\n2. The kings (1,000,001 words)", "line 2: The word count must be 1 to 1,000,000 but is 1,000,001."),
        new("an enormous count", "1. The founding (300 words)\n2. The kings (999999999999999 words)", "line 2: The word count must be 1 to 1,000,000 but is 999,999,999,999,999."),
        new("a step without text", "Paragraph 1 - Main Point: - Word Count: 300 words\nParagraph 2 - Main Point: B - Word Count: 300 words", "line 1: The step has no main point; expected one such as \"Main Point: <text>\"."),
        new("several problems", "1. A (0 words)\n2. B\n3. C (300 words)", "line 1: The word count must be 1 to 1,000,000 but is 0.\nline 2: " + NoCount),
    ];
}
