namespace LongWriter.Tests.Writing;

internal static class PlanReplyLists
{
    public static PlanReply[] All { get; } =
    [
        new("canonical", """
            Paragraph 1 - Main Point: The founding - Word Count: 400 words
            Paragraph 2 - Main Point: The kings - Word Count: 600 words
            """, "400 |  | The founding\n600 |  | The kings"),
        new("canonical with title and headings", """
            Title: A Short History of Rome
            Paragraph 1 - Heading: Dawn - Main Point: The founding - Word Count: 400 words

            Paragraph 2 - Heading: Noon - Main Point: The kings - Word Count: 1,200 words
            """, "title: A Short History of Rome\n400 | Dawn | The founding\n1200 | Noon | The kings"),
        new("lines that say of how many they are", """
            Paragraph 1 of 3 - Main Point: The founding - Word Count: 400 words
            Paragraph 2/3: The kings (600 words)
            Section 3 of 3 - Main Point: Of 3 the last - Word Count: 200 words
            """, "400 |  | The founding\n600 |  | The kings\n200 |  | Of 3 the last"),
        new("lines that say how many follow", """
            Paragraph 1 (2 left) - Main Point: The founding - Word Count: 400 words
            Paragraph 2 (1 left): The kings (600 words)
            Paragraph 3 (0 left) - Main Point: (2 left) is no mark here - Word Count: 200 words
            """, "400 |  | The founding\n600 |  | The kings\n200 |  | (2 left) is no mark here"),
        new("canonical amid talk and a total", """
            Sure! Here is the plan for your 1,000-word essay:

            Paragraph 1 - Main Point: [The founding] - Word Count: [400 words]

            Paragraph 2 - Main Point: [The kings] - Word Count: [600 words]

            Total: 1,000 words

            Let me know if you would like me to change anything!
            """, "400 |  | The founding\n600 |  | The kings"),
        new("canonical in a fence", """
            Here is the plan:
            ```text
            Paragraph 1 - Main Point: The founding - Word Count: 400 words
            Paragraph 2 - Main Point: The kings - Word Count: 600 words
            ```
            I hope this helps.
            """, "400 |  | The founding\n600 |  | The kings"),
        new("bold labels", """
            **Paragraph 1** - **Main Point:** The founding - **Word Count:** ~400 words
            **Paragraph 2** - **Main Point:** The kings - **Word Count:** ~600 words
            **Total word count**: ~1000
            """, "400 |  | The founding\n600 |  | The kings"),
        new("em dashes, upper case, no unit", """
            PARAGRAPH 1 — MAIN POINT: The founding — WORD COUNT: 400
            PARAGRAPH 2 — MAIN POINT: The kings — WORD COUNT: 600
            """, "400 |  | The founding\n600 |  | The kings"),
        new("full-width digits and punctuation", """
            Paragraph １ － Main Point： The founding － Word Count： ４００ words
            Paragraph ２ － Main Point： The kings － Word Count： ６００ words
            """, "400 |  | The founding\n600 |  | The kings"),
        new("budget before the main point", """
            Paragraph 1 - Word Count: 400 words - Main Point: The founding
            Paragraph 2 - Word Count: 600 words - Main Point: The kings
            """, "400 |  | The founding\n600 |  | The kings"),
        new("labels inside a main point", """
            Paragraph 1 - Main Point: How to write "Word Count: 5 words" in a plan - Word Count: 400 words
            Paragraph 2 - Main Point: Focus: the 10,000 words challenge - Word Count: 600 words
            """, "400 |  | How to write \"Word Count: 5 words\" in a plan\n600 |  | Focus: the 10,000 words challenge"),
        new("numbers with a point", "1. The founding (300 words)\n2. The kings (~250 words)\n3. The republic: 1,200 words", "300 |  | The founding\n250 |  | The kings\n1200 |  | The republic"),
        new("numbers with a bracket", "1) The founding - 300 words\n2) The kings - about 250 words", "300 |  | The founding\n250 |  | The kings"),
        new("numbers in brackets", "(1) The founding, 300 words\n(2) The kings, 250 words", "300 |  | The founding\n250 |  | The kings"),
        new("square numbers", "[1] The founding [300 words]\n[2] The kings [250 words]", "300 |  | The founding\n250 |  | The kings"),
        new("Roman numbers", "I. The founding (300 words)\nII. The kings (250 words)\nIII. The republic (250 words)\nIV. The end (100 words)",
            "300 |  | The founding\n250 |  | The kings\n250 |  | The republic\n100 |  | The end"),
        new("letters", "A. The founding (300 words)\nB. The kings (250 words)\nC. The republic (250 words)", "300 |  | The founding\n250 |  | The kings\n250 |  | The republic"),
        new("circled numbers", "① The founding (300 words)\n② The kings (250 words)", "300 |  | The founding\n250 |  | The kings"),
        new("sections", "Section 1: The founding (300 words)\nSection 2: The kings (250 words)", "300 |  | The founding\n250 |  | The kings"),
        new("steps", "Step 1 - The founding - 300 words\nStep 2 - The kings - 250 words", "300 |  | The founding\n250 |  | The kings"),
        new("chapters in words", "Chapter One: The founding (300 words)\nChapter Two: The kings (250 words)", "300 |  | The founding\n250 |  | The kings"),
        new("days keep their name", "Day 1: Arrival in Siena (400 words)\nDay 2: The hills (500 words)", "400 |  | Day 1: Arrival in Siena\n500 |  | Day 2: The hills"),
        new("dashes", "- The founding: 300 words\n- The kings: 250 words", "300 |  | The founding\n250 |  | The kings"),
        new("stars", "* The founding (300 words)\n* The kings (250 words)", "300 |  | The founding\n250 |  | The kings"),
        new("dots", "• The founding (300 words)\n• The kings (250 words)", "300 |  | The founding\n250 |  | The kings"),
        new("task list", "- [ ] The founding (300 words)\n- [x] The kings (250 words)", "300 |  | The founding\n250 |  | The kings"),
        new("bold heading at the start of a step", """
            1. **Introduction** (150-200 words): Present the city and its myth.
            2. **The kings**: Seven kings in two centuries (300 words)
            3. **The end (100 words)**: What remained.
            """, "175 | Introduction | Present the city and its myth.\n300 | The kings | Seven kings in two centuries\n100 | The end | What remained."),
        new("ranges, k and plus", "1. The founding (300-500 words)\n2. The kings (1.2k words)\n3. The republic (1-2k words)\n4. The end (100+ words)\n5. After (301–304 words)\n6. Notes on sources (200 to 300 words)",
            "400 |  | The founding\n1200 |  | The kings\n1500 |  | The republic\n100 |  | The end\n303 |  | After\n250 |  | Notes on sources"),
        new("budget amid the line", "1. A 300-word opening on the founding\n2. A 250-word look at the kings", "300 |  | A opening on the founding\n250 |  | A look at the kings"),
        new("European grouping", "1. The founding (1.200 words)\n2. The kings (2.5k words)", "1200 |  | The founding\n2500 |  | The kings"),
        new("bare numbers where nothing has a unit", "1. The founding - 300\n2. The kings (250)\n3. The republic: 400", "300 |  | The founding\n250 |  | The kings\n400 |  | The republic"),
        new("years are no budgets", "1. The founding of the republic (509) - 300 words\n2. The fall of the west (476) - 250 words", "300 |  | The founding of the republic (509)\n250 |  | The fall of the west (476)"),
        new("plain lines", "Here is the outline:\n\nIntroduction (200 words)\nThe kings (300 words)\nConclusion: 150 words\n\nTotal: 650 words", "200 |  | Introduction\n300 |  | The kings\n150 |  | Conclusion"),
        new("plain blocks with labels", """
            Introduction
            Main Point: The myth of the twins
            Word Count: 200 words

            The Kings
            Main Point: Seven reigns
            Word Count: 300 words
            """, "200 | Introduction | The myth of the twins\n300 | The Kings | Seven reigns"),
        new("indented as a whole after the first line", "1. The founding (300 words)\n  2. The kings (250 words)\n  3. The republic (200 words)", "300 |  | The founding\n250 |  | The kings\n200 |  | The republic"),
        new("numbers that run backwards", "Paragraph 1 - Main Point: A - Word Count: 300 words\nParagraph 3 - Main Point: B - Word Count: 300 words\nParagraph 2 - Main Point: C - Word Count: 300 words\nParagraph 2 - Main Point: D - Word Count: 300 words",
            "300 |  | A\n300 |  | B\n300 |  | C\n300 |  | D\nnote 3: The step has number 2 after 3; the order of the lines counts.\nnote 4: The step has number 2 after 2; the order of the lines counts."),
        new("total war is no total", "1. Total war (300 words)\n2. Total length of the front (250 words)\n3. Total: 550 words", "300 |  | Total war\n250 |  | Total length of the front"),
    ];
}
