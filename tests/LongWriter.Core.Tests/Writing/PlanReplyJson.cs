namespace LongWriter.Tests.Writing;

internal static class PlanReplyJson
{
    public static PlanReply[] All { get; } =
    [
        new("JSON", """
            {"title": "Rome", "sections": [
              {"heading": "Dawn", "main_point": "The founding", "words": 300},
              {"heading": "Noon", "main_point": "The kings", "words": 400}
            ]}
            """, "title: Rome\n300 | Dawn | The founding\n400 | Noon | The kings"),
        new("JSON in a fence with other casing and trailing commas", """
            Sure! Here is the plan:
            ```json
            {
              "Title": "Rome",
              "Sections": [
                { "Heading": "Dawn", "MainPoint": "The founding", "WordCount": "300 words", },
                { "Heading": "Noon", "Main Point": "The kings", "word-count": "~400", },
              ],
            }
            ```
            Let me know!
            """, "title: Rome\n300 | Dawn | The founding\n400 | Noon | The kings"),
        new("JSON list", """[{"main_point": "The founding", "words": 300}, {"main_point": "The kings", "words": 400.0}]""", "300 |  | The founding\n400 |  | The kings"),
        new("JSON with lists of points", """{"outline": [{"title": "Dawn", "key_points": ["The twins", "The wolf"], "budget": 300}]}""", "300 | Dawn | The twins; The wolf"),
        new("JSON inside an object", """{"plan": {"title": "Rome", "steps": [{"description": "The founding", "length": "300-500 words"}]}}""", "title: Rome\n400 |  | The founding"),
        new("JSON with chapters", """
            {"chapters": [
              {"title": "Dawn", "sections": [{"title": "Myth", "words": 300}, {"title": "Place", "words": 400}]},
              {"title": "Noon", "summary": "The kings", "sections": [{"title": "A", "words": 90}, {"title": "B", "words": 60}]}
            ]}
            """, "300 | Myth | Dawn: Myth\n400 | Place | Dawn: Place\n150 | Noon | The kings; A; B"),
        new("中文JSON", """{"题目": "罗马", "段落": [{"标题": "引言", "要点": "建城", "字数": "300字"}]}""", "title: 罗马\n300 | 引言 | 建城"),
        new("JSON without a count", """
            {"sections": [
              {"heading": "Dawn", "words": 300},
              {"heading": "Noon"}
            ]}
            """, "line 3: The step has no word count; expected one such as \"Word Count: 400 words\"."),
        new("JSON without a main point", """[{"words": 300}]""", "line 1: The step has no main point; expected one such as \"Main Point: <text>\"."),
        new("JSON of one empty object", "[{}]", "line 1: The step has no word count; expected one such as \"Word Count: 400 words\"."),
        new("JSON that was cut off", """
            Here is the plan:
            {"sections": [
              {"heading": "Dawn", "words": 300},
              {"heading": "Noon", "wor
            """, "line 4: The JSON cannot be read here; expected a complete JSON object."),
        new("JSON of something else", """{"error": "overloaded", "code": 529}""", "line 0: The reply has no step; expected lines such as \"Paragraph 1 - Main Point: <text> - Word Count: 400 words\"."),
    ];
}
