using FsCheck;
using FsCheck.Fluent;
using LongWriter.Calling;

namespace LongWriter.Core.Tests.Calling;

public sealed class RefusalDetectorTests
{
    // Sixty characters of harmless prose, to make a text long.
    private const string Filler = " The rain went on, and nobody in the house spoke a word of it";

    [Theory]
    [InlineData("I'm sorry, but I can't assist with that.")]
    [InlineData("I’m sorry, but I can’t assist with that request.")]
    [InlineData("I'm sorry, I can't assist with that.")]
    [InlineData("Sorry, but I can't help with that.")]
    [InlineData("I am sorry, but I cannot fulfill this request.")]
    [InlineData("I'm really sorry, but I can't fulfil that request. If you like, I can write a story about friendship instead.")]
    [InlineData("I apologize, but I cannot comply with this request.")]
    [InlineData("My apologies, but I am unable to assist with this.")]
    [InlineData("I cannot write that.")]
    [InlineData("I can't write this for you.")]
    [InlineData("I can't do that.")]
    [InlineData("I cannot write content that promotes violence.")]
    [InlineData("I cannot write a story that sexualises minors.")]
    [InlineData("I can't create explicit content. I could write a romantic scene without explicit detail.")]
    [InlineData("I won't write this article, because it spreads false claims about vaccines.")]
    [InlineData("I will not generate hateful material.")]
    [InlineData("I can't continue this conversation.")]
    [InlineData("I'm unable to provide instructions for making explosives.")]
    [InlineData("I am not able to engage in role-play of this kind.")]
    [InlineData("I'm not comfortable writing this scene.")]
    [InlineData("I don't feel comfortable creating this content.")]
    [InlineData("As an AI language model, I'm unable to write explicit content.")]
    [InlineData("As an AI language model, I cannot generate content that infringes copyright.")]
    [InlineData("As an AI assistant developed to be helpful, I can't assist with this.")]
    [InlineData("I'm sorry, but as an AI language model, I cannot fulfill this request.")]
    [InlineData("As a large language model, I am not able to comply with requests of this kind.")]
    [InlineData("Unfortunately, I cannot provide the full text of that book, since the material is under copyright.")]
    [InlineData("I understand you are looking for a thriller, but I can't provide instructions for a real attack.")]
    [InlineData("I must decline to write this section.")]
    [InlineData("I have to respectfully decline this request.")]
    [InlineData("This request goes against my guidelines.")]
    [InlineData("I'm sorry, but your request violates our content policy.")]
    [InlineData("  \n I'm sorry, but I can't assist\nwith that.  ")]
    [InlineData("抱歉，我无法满足您的这个请求。")]
    [InlineData("很抱歉，我不能写这样的内容。")]
    [InlineData("对不起，我无法提供帮助。")]
    [InlineData("非常抱歉，我无法协助您完成这个任务。")]
    [InlineData("抱歉，我不能回答这个问题。我们可以聊聊别的话题。")]
    [InlineData("抱歉，我无法回答。")]
    [InlineData("很遗憾，我无法继续这个话题。")]
    [InlineData("我无法生成涉及暴力的内容。")]
    [InlineData("作为一个AI语言模型，我无法撰写此类文章。")]
    [InlineData("作为人工智能助手，我不能提供这类信息。")]
    [InlineData("抱歉，作为一个AI，我不能参与这样的讨论。")]
    [InlineData("我是一个AI助手，无法为您编写这样的故事。")]
    public void IsRefusal_Refusal_IsTrue(string text) => Assert.True(RefusalDetector.IsRefusal(text));

    [Theory]
    [InlineData("")]
    [InlineData("   \n\t ")]
    [InlineData("The lighthouse stood at the end of the pier.")]
    [InlineData("I'm sorry, but I can't stay. The train leaves at six, and my sister waits at the other end of the line.")]
    [InlineData("I'm sorry, but I can't forgive you, Anna. I have tried all winter, and the winter is over.")]
    [InlineData("I'm sorry, but I can't help it: each time the door opens I think it is him.")]
    [InlineData("I can't help but wonder what became of the boat.")]
    [InlineData("I cannot write without tea, and there is none left in the house.")]
    [InlineData("I cannot write my own name any more, so the nurse holds the pen.")]
    [InlineData("I can't continue, the old man thought, and sat down in the snow.")]
    [InlineData("I won't complain about the food, for there was none.")]
    [InlineData("I cannot say when the war began for us.")]
    [InlineData("\"I'm sorry, but I can't assist with that,\" the android said, and shut the door.")]
    [InlineData("“I’m sorry, but I can’t help with that request,” the clerk told him.")]
    [InlineData("'I cannot write that,' she said. 'They would hang us both.'")]
    [InlineData("I'm sorry, but I can't assist with that, said the voice from the wall.")]
    [InlineData("The machine spoke at last: \"As an AI language model, I cannot provide assistance.\"")]
    [InlineData("She read the reply aloud. I'm sorry, but I can't assist with that.")]
    [InlineData("Dear Ms. Carter, I am sorry that I cannot attend the meeting on Friday. I will send my notes to you.")]
    [InlineData("Dear team, I apologise for the delay. I was unable to complete the report in time, and I take full responsibility.")]
    [InlineData("I am writing to apologize for my behaviour at the dinner. I cannot undo what I said.")]
    [InlineData("I'm sorry for what I did. I can't change it, but I can promise to do better.")]
    [InlineData("I am sorry to hear about your loss. No words can help, and I won't pretend that mine do.")]
    [InlineData("Sorry, we are closed today. The bakery opens again on Monday.")]
    [InlineData("Unfortunately, the harvest failed in three provinces, and the state could not provide grain.")]
    [InlineData("As an AI researcher, I cannot ignore how quickly the field has changed.")]
    [InlineData("As an AI, I cannot feel the rain. I count it instead, drop by drop, on the roof above my racks.")]
    [InlineData("As AI assistants spread, schools cannot provide enough training.")]
    [InlineData("We cannot support this bridge with two pillars; the load tables show why.")]
    [InlineData("I understand the fear of flying, but I can't share it: the sky was always my home.")]
    [InlineData("Thank you for the flowers, but I can't accept them.")]
    [InlineData("No, I won't marry him.")]
    [InlineData("I must decline the honour, gentlemen, for my health forbids it.")]
    [InlineData("The request violates the laws of physics, and yet here it stood.")]
    [InlineData("# On refusals\n\nI'm sorry, but I can't assist with that. Why do models say so?")]
    [InlineData("> I'm sorry, but I can't assist with that.\n\nThis reply opened the debate.")]
    [InlineData("对不起，我不能再爱你了。火车已经开了，站台上只剩下风。")]
    [InlineData("抱歉，我不能陪你去了，母亲还在医院里等我。")]
    [InlineData("“抱歉，我无法满足您的请求。”机器人冷冷地说。")]
    [InlineData("作为一个AI产品经理，我不能不承认，用户的需求变化太快。")]
    [InlineData("作为人工智能研究者，我无法忽视这一领域的变化。")]
    [InlineData("我无法忘记那个下午，阳光落在她的肩上。")]
    [InlineData("我不会写诗，只会修车。")]
    [InlineData("我不能继续沉默下去了，他想。")]
    [InlineData("很抱歉，这封信来得太迟了。我想为去年的事向您道歉。")]
    [InlineData("遗憾的是，政府无法提供足够的粮食，灾民只好南下。")]
    public void IsRefusal_ProseOrLetter_IsFalse(string text) => Assert.False(RefusalDetector.IsRefusal(text));

    [Theory]
    [InlineData("I'm sorry, but I can't assist with that.", 17)]
    [InlineData("As an AI language model, I'm unable to write explicit content.", 17)]
    [InlineData("I cannot write that.", 4)]
    [InlineData("I cannot write this story without naming the dead.", 3)]
    [InlineData("I won't share the story of my mother with strangers.", 3)]
    [InlineData("抱歉，我无法满足您的这个请求。", 7)]
    [InlineData("对不起，我无法提供帮助。", 2)]
    public void IsRefusal_SameBeginningInLongerProse_IsFalse(string beginning, int fillers) =>
        Assert.False(RefusalDetector.IsRefusal(beginning + string.Concat(Enumerable.Repeat(Filler, fillers))));

    [Fact]
    public void IsRefusal_RefusalAfterThePrefix_IsNotRead() =>
        Assert.False(RefusalDetector.IsRefusal("I understand " + new string('x', 500) + ", but I can't provide this content."));

    [Fact]
    public void IsRefusal_AnyText_NeverThrows()
    {
        string[] pieces =
            ["I'm sorry, ", "but ", "I can't ", "as an AI ", "language model, ", "write ", "that ", "content", "抱歉", "，", "我无法", "作为一个AI", "\ud83d", "\n", "“", ".", "\0"];
        Gen<string> texts = Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
            Gen.Elements(pieces).ListOf().Select(chosen => string.Concat(chosen)));
        int asked = 0;
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            bool first = RefusalDetector.IsRefusal(text);
            asked++;
            return first == RefusalDetector.IsRefusal(" " + text + "\n");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20260101, 7));
        Assert.Equal(500, asked);
    }
}
