namespace LongWriter.Tests.Writing;

internal static class PlanReplyOutlines
{
    public static PlanReply[] All { get; } =
    [
        new("Markdown headings", """
            # A Short History of Rome

            ## 1. Introduction (300 words)
            - The myth
            - The place

            ## 2. The Kings (400 words)
            - Seven reigns

            ## 3. Conclusion (200 words)
            """, "title: A Short History of Rome\n300 | Introduction | The myth; The place\n400 | The Kings | Seven reigns\n200 | Conclusion | Conclusion"),
        new("headings with prose and a word count each", """
            # Outline

            ## Introduction

            Word count: 300

            Present the myth of the twins.

            ## The Kings

            Word count: 400

            Seven reigns in two centuries.

            ---

            **Total word count**: ~700
            """, "300 | Introduction | Present the myth of the twins.\n400 | The Kings | Seven reigns in two centuries."),
        new("headings with labelled bullets", """
            ### Section 1: Introduction
            - **Main Point:** The myth of the twins
            - **Word Count:** 300 words

            ### Section 2: The Kings
            - **Main Point:** Seven reigns
            - **Word Count:** 400 words
            """, "300 | Introduction | The myth of the twins\n400 | The Kings | Seven reigns"),
        new("bold lines as headings", """
            **1. Introduction (300 words)**
            - The myth
            **2. The Kings (400 words)**
            - Seven reigns
            """, "300 | Introduction | The myth\n400 | The Kings | Seven reigns"),
        new("bold headings without numbers", """
            **The Roman Empire**

            **Introduction** (300 words)
            The myth of the twins.

            **The Kings** (400 words)
            Seven reigns.
            """, "title: The Roman Empire\n300 | Introduction | The myth of the twins.\n400 | The Kings | Seven reigns."),
        new("numbers with bullets under them", """
            1. Introduction (300 words)
            - The myth
            - The place
            2. The Kings (400 words)
               * Seven reigns
            """, "300 | Introduction | The myth; The place\n400 | The Kings | Seven reigns"),
        new("word count as the last bullet", """
            1. Introduction
               - The myth
               - The place
               - Word count: 300
            2. The Kings
               - Seven reigns
               - 400 words
            """, "300 | Introduction | The myth; The place\n400 | The Kings | Seven reigns"),
        new("small parts sum into the step", """
            1. Introduction
               - The myth (100 words)
               - The place (150 words)
            2. The Kings (400 words)
               - Seven reigns (150 words)
               - Their fall (250 words)
            """, "250 | Introduction | The myth; The place\n400 | The Kings | Seven reigns; Their fall"),
        new("parts that do not sum to the step", """
            1. Introduction (300 words)
               - The myth (100 words)
               - The place (150 words)
            2. The Kings (400 words)
            """, "300 | Introduction | The myth; The place\n400 |  | The Kings\nnote 1: The step says 300 words and its parts 250; the step counts."),
        new("large parts are sections", """
            1. The Founding
               1.1 The myth (400 words)
               1.2 The place (300 words)
            2. The Kings (700 words)
               2.1 Seven reigns (500 words)
               2.2 Their fall (300 words)
            """, "400 |  | The Founding: The myth\n300 |  | The Founding: The place\n500 |  | The Kings: Seven reigns\n300 |  | The Kings: Their fall\nnote 4: The step says 700 words and its parts 800; the parts count."),
        new("headings under headings are sections", """
            # Rome
            ## Part I: Dawn
            ### The myth (100 words)
            ### The place (150 words)
            ## Part II: Noon
            ### The kings (180 words)
            """, "title: Rome\n100 | The myth | Dawn: The myth\n150 | The place | Dawn: The place\n180 | The kings | Noon: The kings"),
        new("chapters over paragraphs", """
            Part 1: Dawn
            Paragraph 1 - Main Point: The myth - Word Count: 150 words
            Paragraph 2 - Main Point: The place - Word Count: 150 words
            Part 2: Noon
            Paragraph 3 - Main Point: The kings - Word Count: 150 words
            """, "150 |  | Dawn: The myth\n150 |  | Dawn: The place\n150 |  | Noon: The kings"),
        new("title over canonical lines", """
            # The Roman Empire

            Paragraph 1 - Main Point: The myth - Word Count: 150 words
            """, "title: The Roman Empire\n150 |  | The myth"),
        new("title with the total", """
            # Rome in Brief (700 words)
            1. The founding (300 words)
            2. The kings (400 words)
            """, "title: Rome in Brief\n300 |  | The founding\n400 |  | The kings"),
        new("remarks before and after", """
            Key facts:
            - Length: 700 words
            - Audience: students

            1. The founding (300 words)
            2. The kings (400 words)

            Notes:
            - Keep the tone light.
            - Use sources.
            """, "300 |  | The founding\n400 |  | The kings"),
        new("remarks under a heading", """
            ## Introduction (300 words)
            The myth.
            ## The Kings (400 words)
            Seven reigns.
            ## Notes
            - Keep the tone light.
            """, "300 | Introduction | The myth.\n400 | The Kings | Seven reigns."),
        new("the writing begins after the plan", """
            Paragraph 1 - Main Point: The founding - Word Count: 300 words
            Paragraph 2 - Main Point: The kings - Word Count: 400 words

            Paragraph 1
            Rome was founded, they say, by twins. It took 300 words to tell.

            Paragraph 2
            Seven kings followed.
            """, "300 |  | The founding\n400 |  | The kings"),
        new("the writing begins under headings", """
            ## 1. Introduction (300 words)
            The myth.
            ## 2. The Kings (400 words)
            Seven reigns.

            # The Roman Empire

            ## 1. Introduction
            Rome was founded, they say, by twins.

            ## 2. The Kings
            Seven kings followed, and the last was driven out.
            """, "300 | Introduction | The myth.\n400 | The Kings | Seven reigns."),
        new("the writing begins without a heading", """
            1. The founding (300 words)
            2. The kings (400 words)

            Rome was founded, they say, by twins.

            It grew. 1,000 words would not suffice to tell how.
            """, "300 |  | The founding\n400 |  | The kings"),
        new("rules between steps", """
            ## Introduction (300 words)
            The myth.

            ---

            ## The Kings (400 words)
            Seven reigns.
            """, "300 | Introduction | The myth.\n400 | The Kings | Seven reigns."),
        new("quoted", "> 1. The founding (300 words)\n> 2. The kings (400 words)", "300 |  | The founding\n400 |  | The kings"),
    ];
}
