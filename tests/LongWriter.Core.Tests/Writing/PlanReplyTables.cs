namespace LongWriter.Tests.Writing;

internal static class PlanReplyTables
{
    public static PlanReply[] All { get; } =
    [
        new("table", """
            | # | Section | Words |
            |---|---------|-------|
            | 1 | The founding | 300 |
            | 2 | The kings | 400 |
            | Total | | 700 |
            """, "300 |  | The founding\n400 |  | The kings"),
        new("table with headings and main points", """
            Here is the plan:

            | Paragraph | Heading | Main Point | Word Count |
            |:---:|:---|:---|---:|
            | 1 | Dawn | **The founding** | ~300 words |
            | 2 | Noon | The kings | 1,200 |
            | | **Total** | | **1,500** |

            Let me know what you think.
            """, "300 | Dawn | The founding\n1200 | Noon | The kings"),
        new("table without header", "| 1 | The founding | 300 |\n| 2 | The kings | 400 |", "300 |  | The founding\n400 |  | The kings"),
        new("table with words before text", """
            | Step | Words | Content |
            |---|---|---|
            | 1 | 300-500 | The year 753 |
            | 2 | 400 | The 7 kings |
            """, "400 |  | The year 753\n400 |  | The 7 kings"),
        new("table without outer pipes", "No. | Topic | Words\n---|---|---\n1 | The founding | 300\n2 | The kings | 400", "300 |  | The founding\n400 |  | The kings"),
        new("中文表格", """
            | 序号 | 标题 | 要点 | 字数 |
            |---|---|---|---|
            | 1 | 引言 | 建城的传说 | 300字 |
            | 2 | 王政 | 七王 | 500 |
            | 合计 | | | 800 |
            """, "300 | 引言 | 建城的传说\n500 | 王政 | 七王"),
        new("table with an empty count", """
            | # | Section | Words |
            |---|---|---|
            | 1 | The founding | 300 |
            | 2 | The kings | |
            """, "line 4: The step has no word count; expected one such as \"Word Count: 400 words\"."),
    ];
}
