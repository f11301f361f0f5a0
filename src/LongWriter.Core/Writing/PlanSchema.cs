using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LongWriter.Writing;

/// <summary>The JSON schema that a structured plan keeps to.</summary>
internal static class PlanSchema
{
    private const string Text = """
        {
          "type": "object",
          "properties": {
            "title": { "type": "string" },
            "sections": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "heading": { "type": "string" },
                  "main_point": { "type": "string" },
                  "words": { "type": "integer" }
                },
                "required": ["heading", "main_point", "words"],
                "additionalProperties": false
              }
            }
          },
          "required": ["title", "sections"],
          "additionalProperties": false
        }
        """;

    public static ChatResponseFormat Format { get; } =
        ChatResponseFormat.ForJsonSchema(JsonDocument.Parse(Text).RootElement.Clone(), "writing_plan", "A plan of sections with word budgets");
}
