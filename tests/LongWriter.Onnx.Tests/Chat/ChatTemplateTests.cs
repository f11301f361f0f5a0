using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LongWriter.Onnx.Chat.Templates;
using LongWriter.Onnx.Tests.Tokenization;
using LongWriter.Testing;

namespace LongWriter.Onnx.Tests.Chat;

public sealed class ChatTemplateTests
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(TokenizerVectors.Folder, "template-vectors.json"))).RootElement;

    public static TheoryData<string> Names => [.. Vectors.GetProperty("templates").EnumerateObject().Select(entry => entry.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Render_EveryConversation_GivesTheReferencesText(string name)
    {
        ChatTemplate template = ChatTemplate.Parse(Vectors.GetProperty("templates").GetProperty(name).GetString()!, name);
        int compared = 0;
        foreach (JsonElement vector in Vectors.GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("template").GetString() == name))
        {
            compared++;
            string Render() => template.Render(
                vector.GetProperty("messages").EnumerateArray().Select(m => new ChatTemplateMessage(m.GetProperty("role").GetString()!, m.GetProperty("content").GetString()!)),
                vector.GetProperty("addGenerationPrompt").GetBoolean(),
                vector.GetProperty("variables").EnumerateObject().ToDictionary(v => v.Name, v => (object?)v.Value));
            if (vector.GetProperty("refusal").GetString() is { } refusal)
            {
                Assert.EndsWith(": the template refuses the conversation: " + refusal, Assert.Throws<ChatTemplateException>(Render).Message, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(vector.GetProperty("expected").GetString(), Render());
            }
        }

        Assert.Equal(16, compared);
    }

    [Fact]
    public void Render_TemplateOfTheEmbeddedModel_IsChatML()
    {
        using JsonDocument config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(TokenizerVectors.Repository, "models", "longwriter-tiny", "tokenizer_config.json")));
        string source = config.RootElement.GetProperty("chat_template").GetString()!;
        Assert.Equal("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", ChatTemplate.Parse(source, "t").Render([new("user", "Hi")], true));
    }

    [Theory]
    [InlineData("{{ 'a'\n | shout }}", "t: line 2: the filter 'shout' is not supported.")]
    [InlineData("{{ x is funny }}", "t: line 1: the test 'is funny' is not supported.")]
    [InlineData("\n{% include 'a' %}", "t: line 2: the block 'include' is not supported here.")]
    [InlineData("{% raw %}{{ a }}{% endraw %}", "t: line 1: the block 'raw' is not supported here.")]
    [InlineData("{% for a in b recursive %}{% endfor %}", "t: line 1: expected '%}', found 'recursive'.")]
    [InlineData("{% for a in b %}{% macro f() %}{% break %}{% endmacro %}{% endfor %}", "t: line 1: the block 'break' is not supported here.")]
    [InlineData("{% macro f(a, a) %}{% endmacro %}", "t: line 1: the parameter 'a' is there twice.")]
    [InlineData("{% macro f(a %}{% endmacro %}", "t: line 1: a tag without '%}'.")]
    [InlineData("{% macro f() %}\n", "t: line 1: expected '{% endmacro %}', found 'the end of the template'.")]
    [InlineData("{% call f %}{% endcall %}", "t: line 1: the block 'call' takes the call of a macro.")]
    [InlineData("{% filter shout %}{% endfilter %}", "t: line 1: the filter 'shout' is not supported.")]
    [InlineData("{{ a |\n tojson(color=1) }}", "t: line 2: the filter 'tojson' does not take 'color'.")]
    [InlineData("{{ '\\uD800' }}", "t: line 1: the escape '\\uD800' is no code point.")]
    [InlineData("{{ '\\x4' }}", "t: line 1: the escape '\\x4'' is no code point.")]
    [InlineData("{% break %}", "t: line 1: the block 'break' is not supported here.")]
    [InlineData("{% if x %}", "t: line 1: expected '{% endif %}', found 'the end of the template'.")]
    [InlineData("{% endfor %}", "t: line 1: the block 'endfor' is not supported here.")]
    [InlineData("{{ 1 + }}", "t: line 1: expected a value, found '}}'.")]
    [InlineData("{{ 'a }}", "t: line 1: a string without its closing '.")]
    [InlineData("{{ a", "t: line 1: a tag without '}}'.")]
    [InlineData("{{ a ! b }}", "t: line 1: the character '!' is not part of the language.")]
    [InlineData("{# a", "t: line 1: '{#' without '#}'.")]
    [InlineData("{{ 2 ** 3 }}", "t: line 1: the operator '**' is not supported.")]
    public void Parse_UnsupportedConstruct_NamesItAndItsLine(string source, string message)
        => Assert.Equal(message, Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse(source, "t")).Message);

    [Theory]
    [InlineData("{{ 1 + 'a' }}", "t: line 1: '+' cannot be applied to a number and a string.")]
    [InlineData("\n{{ nothing.field }}", "t: line 2: 'field' cannot be read of a value that is undefined.")]
    [InlineData("{{ shout() }}", "t: line 1: the function 'shout' is not supported.")]
    [InlineData("{{ 'a'.zfill(3) }}", "t: line 1: the method 'zfill' of a string is not supported with these values.")]
    [InlineData("{{ 1 // 0 }}", "t: line 1: division by zero.")]
    [InlineData("{{ 9223372036854775807 + 1 }}", "t: line 1: the result of '+' is too large.")]
    [InlineData("{% set d = {} %}{% set d.a = 1 %}", "t: line 1: 'd' is no namespace, so 'd.a' cannot be set.")]
    [InlineData("{% for i in 5 %}{% endfor %}", "t: line 1: a number cannot be iterated.")]
    [InlineData("{{ strftime_now('%Q') }}", "t: line 1: strftime_now does not know '%Q'.")]
    [InlineData("{% macro f(a) %}{% endmacro %}\n{{ f(1, 2) }}", "t: line 2: the macro 'f' takes 1 values, not 2.")]
    [InlineData("{% macro f(a) %}{% endmacro %}{{ f(b=2) }}", "t: line 1: the macro 'f' takes no 'b'.")]
    [InlineData("{% macro f(a) %}{% endmacro %}{{ f(1, a=2) }}", "t: line 1: the macro 'f' takes no 'a' twice.")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "t: line 1: macros call each other more than 64 deep.")]
    [InlineData("{% call f() %}{% endcall %}", "t: line 1: the function 'f' is not supported.")]
    [InlineData("{{ [1, 'a'] | sort }}", "t: line 1: the filter 'sort' compares texts with texts and numbers with numbers alone.")]
    [InlineData("{{ {} | dictsort(by='size') }}", "t: line 1: the filter 'dictsort' takes by='key' or by='value'.")]
    [InlineData("{{ 'a'.split(by='b') }}", "t: line 1: the method 'split' does not take 'by' by name.")]
    [InlineData("{{ [1] | tojson(indent='x') }}", "t: line 1: the filter 'tojson' takes a whole number as indent, not a string.")]
    [InlineData("{{ loop.cycle('a') }}", "t: line 1: the method 'cycle' of undefined is not supported with these values.")]
    [InlineData("{{ raise_exception('no') }}", "t: line 1: the template refuses the conversation: no")]
    public void Render_WhatCannotBeDone_NamesItAndItsLine(string source, string message)
        => Assert.Equal(message, Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse(source, "t").Render([], false)).Message);

    [Theory]
    [InlineData("{{ true }} {{ none }} {{ 1.0 }} {{ [1, 'a', none] }} {{ {'k': \"it's\"} }}", "True None 1.0 [1, 'a', None] {'k': \"it's\"}")]
    [InlineData("{{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }}", "-4 2 3.5")]
    [InlineData("{{ '\U0001F642b'[0] }}{{ '\U0001F642b' | length }}{{ 'abc'[::-1] }}{{ 'abc'[-2:] }}{{ [1,2,3,4][3:0:-2] }}", "\U0001F6422cbabc[4, 2]")]
    [InlineData("{{ 'a' < 'b' < 'c' }}{{ '3.7' | float | int }}{{ -5 | abs }}", "True35")]
    [InlineData("{% set ns = namespace() %}{% set ns.me = ns %}{{ ns }}", "<namespace>")]
    [InlineData("a\n  {% if true %}  \nb\n  {%- endif %}\n", "a\n  \nb")]
    [InlineData("{% set x = 1 %}{% macro f(a, b=a ~ x, c=none) %}[{{ a }}{{ b }}{{ c }}{{ y }}]{% endmacro %}{% for y in [7] %}{{ f(2) }}{{ f(2, c=3) }}{% set x = 9 %}{{ f('-', 4, 5) }}{% endfor %}", "[221None][2213][-45]")]
    [InlineData("{% macro item(d) %}{% for k, v in d | dictsort %}{{ k }}:{% if v is mapping %}({{ item(v) }}){% else %}{{ v }}{% endif %},{% endfor %}{% endmacro %}{{ item({'b': {'d': 1, 'C': 2}, 'a': 0}) }}", "a:0,b:(C:2,d:1,),")]
    [InlineData("{% macro twice() %}{{ caller(1) }}|{{ caller(2) }}{% endmacro %}{% for m in ['x'] %}{% call(n) twice() %}{{ m ~ n }}{% endcall %}{% endfor %}", "x1|x2")]
    [InlineData("{% filter upper | replace('A', '-') %}banana{% endfilter %}{% set s | trim %}  x {% endset %}{{ s }}", "B-N-N-x")]
    [InlineData("{{ ['b', 'A', 'c'] | sort | join }}{{ [3, 1, 2] | sort(reverse=true) | join }}{{ [1, 2.0, 1] | unique | list }}{{ [2, 5] | max }}{{ [] | min }}", "Abc321[1, 2.0]5")]
    [InlineData("{{ [{'a': {'b': 2}}, {'a': {'b': 1}}] | map(attribute='a.b') | list }}{{ [{'n': 'x'}, {'n': 'y'}] | join(', ', attribute='n') }}{{ [1, 2.5] | sum }}", "[2, 1]x, y3.5")]
    [InlineData("{{ {'b': 'é', 'a': [1]} | tojson(sort_keys=true, separators=(',', ':'), ensure_ascii=true) }}", "{\"a\":[1],\"b\":\"\\u00e9\"}")]
    [InlineData("{{ 'a\n\nb' | indent(2) }}{{ 'a.b.c'.rsplit('.', 1) }}{{ 'a.b.c'.split('.', maxsplit=1) }}{{ ', '.join(['p', 'q']) }}", "a\n\n  b['a.b', 'c']['a', 'b.c']p, q")]
    [InlineData("{{ '\\u00e9\\x41\\U0001F642' }}{{ 'aXa'.count('a') }}{{ '\U0001F642b'.find('b') }}{{ 'abc'.removeprefix('a').removesuffix('c') }}{{ 'a\nb\n'.splitlines() | length }}", "éA\U0001F64221b2")]
    [InlineData("{{ 1 is sameas(1) }}{{ true is sameas true }}{{ 1 is sameas true }}{{ 3 is gt 2 }}{{ 'a' is in ['a'] }}{{ ('a',) | first }}", "TrueTrueFalseTrueTruea")]
    [InlineData("{% raw_ is defined %}", null)]
    public void Render_PythonsRules_AreKept(string source, string? expected)
    {
        if (expected is null)
        {
            Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse(source, "t"));
            return;
        }

        Assert.Equal(expected, ChatTemplate.Parse(source, "t").Render([], false));
    }

    [Fact]
    public void Render_StrftimeNow_TellsTheProvidersTime()
    {
        var clock = new ManualTimeProvider();
        DateTimeOffset now = clock.GetLocalNow();
        string text = ChatTemplate.Parse("{{ strftime_now('%d %B %Y, %-d %b') }}", "t").Render([], false, timeProvider: clock);
        Assert.Equal(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{now:dd MMMM yyyy}, {now.Day} {now:MMM}"), text);
    }

    [Theory]
    [InlineData("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s='x') %}{% for a in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for a in range(100) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}")]
    [InlineData("{{ 'x' * 999999999999 }}")]
    [InlineData("{% set s = 'x' * 1000000 %}{{ s | replace('x', s) }}")]
    [InlineData("{% set s = 'x' * 1000000 %}{{ s.replace('x', s, 900000) }}")]
    [InlineData("{% set s = 'x' * 1000000 %}{{ range(1000) | join(s) }}")]
    [InlineData("{% set s = 'x' * 1000000 %}{{ s.join([s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s]) }}")]
    [InlineData("{% set s = 'x' * 1000000 %}{{ 'a b c'.replace(' ', '\\n' * 200) | indent(s) }}")]
    [InlineData("{% macro f(n) %}{% for i in range(100) %}{{ f(n + 1) if n < 60 }}{% endfor %}{% endmacro %}{{ f(0) }}")]
    [InlineData("{{ range(0, 9223372036854775807) }}")]
    public void Render_HostileTemplate_StopsAtTheBoundOfWork(string source)
        => Assert.Equal(
            "t: line 1: rendering takes more than 50000000 steps and characters.",
            Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse(source, "t").Render([], false)).Message);

    [Fact]
    public void Parse_NestedWithoutEnd_IsRefused()
    {
        Assert.Equal("t: line 1: nested deeper than 60.", Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse("{{ " + new string('(', 100_000) + new string(')', 100_000) + "}}", "t")).Message);
        Assert.Equal("t: line 1: an expression of more than 400 levels.", Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse("{{ 1" + string.Concat(Enumerable.Repeat("+1", 100_000)) + "}}", "t")).Message);
    }

    [Fact]
    public void Render_VariableOfAForeignType_IsRefusedByName()
        => Assert.Equal(
            "tools[0] must be null, a bool, a number, a string, a list, a dictionary with string keys or JSON but is Version.",
            Assert.Throws<ArgumentException>(() => ChatTemplate.Parse("x", "t").Render([], false, new Dictionary<string, object?> { ["tools"] = new object[] { new Version(1, 0) } })).Message);

    [Fact]
    public void ParseAndRender_AnyText_ThrowsNothingButChatTemplateException()
    {
        string[] atoms =
        [
            "{{", "}}", "{%", "%}", "{%-", "-%}", "{#", "#}", " if ", " else ", " endif ", " for ", " in ", " endfor ", " set ", " not ", " is ", " defined ", " and ",
            "messages", "m", "loop", ".role", ".last", "[0]", "[::-1]", "[", "]", "(", ")", "{", "}", ":", ",", "|", "trim", "length", "tojson", "join", "map", "'a'", "\"b\"",
            "1", "2.5", "-", "+", "*", "//", "%", "~", "==", "<", "=", "namespace()", "range(3)", " macro f(a) ", " endmacro ", "f(1)", " call ", " endcall ", "caller()", " filter ", " endfilter ", "dictsort", "sort", ".strip()", ".split('a')", "\n", " ", "text", "\U0001F642",
        ];
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(3_000).WithEndSize(40).WithReplay(31, 37),
            Prop.ForAll(Gen.Elements(atoms).ListOf().ToArbitrary(), parts =>
            {
                foreach (string source in (string[])[string.Concat(parts), "{{ " + string.Concat(parts) + " }}", "{% for m in messages %}" + string.Concat(parts) + "{% endfor %}"])
                {
                    try
                    {
                        ChatTemplate.Parse(source, "t").Render([new("user", "Hello"), new("assistant", "Yes")], true);
                    }
                    catch (ChatTemplateException problem)
                    {
                        Assert.StartsWith("t: line ", problem.Message, StringComparison.Ordinal);
                    }
                }
            }));
    }
}
