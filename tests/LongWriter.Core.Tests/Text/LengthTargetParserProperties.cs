using FsCheck;
using FsCheck.Fluent;
using LongWriter.Text;

namespace LongWriter.Core.Tests.Text;

public sealed class LengthTargetParserProperties
{
    private static readonly Config Replayed = Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20_240_813, 7);

    private static readonly string[] Fragments =
    [
        "1", "0", "500", "10,000", "１０", "1.5", "k", "万", "千", "两", "五百", "字", "个字", "词", "word", "words", "-word", "page", "each", "per", "每篇", "各", "各写",
        "part", "第", "部分", "at least", "no", "more than", "不", "少于", "以上", "以内", "左右", "to", "-", "~", "至", "between", "and", "a", "thousand", "million", "\"", "“", "”",
        "《", "》", "字数", "：", ":", "length", "，", ".", "\n", " ", " ", "x", "of", "the", "with", "from", "其中", "共", "in total", "minute", "99999999999999999999",
    ];

    private static readonly (string Format, LengthKind Kind, LengthUnit Unit)[] Templates =
    [
        ("Write a {0}-word essay on bridges.", LengthKind.Equal, LengthUnit.Words),
        ("Write about {0} words on bridges.", LengthKind.Equal, LengthUnit.Words),
        ("Write at least {0} words on bridges.", LengthKind.AtLeast, LengthUnit.Words),
        ("Write no more than {0} words on bridges.", LengthKind.AtMost, LengthUnit.Words),
        ("Topic: bridges. Word count: {0}", LengthKind.Equal, LengthUnit.Words),
        ("写一篇{0}字的文章", LengthKind.Equal, LengthUnit.Characters),
        ("写一篇文章，不少于{0}字", LengthKind.AtLeast, LengthUnit.Characters),
        ("写一篇文章，{0}字以内", LengthKind.AtMost, LengthUnit.Characters),
        ("主题：桥梁\n字数要求：{0}左右", LengthKind.Equal, LengthUnit.Characters),
    ];

    [Fact]
    public void Parse_AnyString_ThrowsNothingButOutOfRange() =>
        Check.One(Replayed, Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => ThrowsOnlyOutOfRange(text ?? string.Empty)));

    [Fact]
    public void Parse_AnyMixOfItsOwnWords_ThrowsNothingButOutOfRange() =>
        Check.One(Replayed, Prop.ForAll(Gen.Elements(Fragments).ListOf().ToArbitrary(), words => ThrowsOnlyOutOfRange(string.Concat(words))));

    [Fact]
    public void Parse_ValueInASentence_GivesTheValueBack() =>
        Check.One(Replayed, Prop.ForAll(Gen.Choose(2, LengthTarget.MaxValue).ToArbitrary(), Gen.Elements(Templates).ToArbitrary(), Gen.Elements("0", "#,0").ToArbitrary(), ReadsBack));

    private static bool ReadsBack(int value, (string Format, LengthKind Kind, LengthUnit Unit) template, string format)
    {
        string instruction = template.Format.Replace("{0}", value.ToString(format, System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        LengthTarget? target = LengthTargetParser.Parse(instruction);
        return target is not null && (target.Value, target.Kind, target.Unit) == (value, template.Kind, template.Unit);
    }

    private static bool ThrowsOnlyOutOfRange(string text)
    {
        foreach (var statement in LengthTargetParser.ParseAll(text).Statements)
        {
            Assert.Equal(text.Substring(statement.Start, statement.Length).Length, statement.Length);
        }

        try
        {
            LengthTarget? target = LengthTargetParser.Parse(text);
            return target is null || target.Value is >= 1 and <= LengthTarget.MaxValue;
        }
        catch (ArgumentOutOfRangeException exception)
        {
            return exception.Message.StartsWith("The instruction asks for ", StringComparison.Ordinal);
        }
    }
}
