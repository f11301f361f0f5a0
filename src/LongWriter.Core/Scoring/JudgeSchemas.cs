using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LongWriter.Scoring;

/// <summary>The JSON schemas of the judges' answers. The analysis comes first, so that it is written before the marks.</summary>
internal static class JudgeSchemas
{
    public static ChatResponseFormat Quality { get; } = Schema("quality_marks", "Six marks from 1 to 5", """
        {
          "type": "object",
          "properties": {
            "Analysis": { "type": "string" },
            "Relevance": { "type": "integer", "enum": [1, 2, 3, 4, 5] },
            "Accuracy": { "type": "integer", "enum": [1, 2, 3, 4, 5] },
            "Coherence": { "type": "integer", "enum": [1, 2, 3, 4, 5] },
            "Clarity": { "type": "integer", "enum": [1, 2, 3, 4, 5] },
            "Breadth and Depth": { "type": "integer", "enum": [1, 2, 3, 4, 5] },
            "Reading Experience": { "type": "integer", "enum": [1, 2, 3, 4, 5] }
          },
          "required": ["Analysis", "Relevance", "Accuracy", "Coherence", "Clarity", "Breadth and Depth", "Reading Experience"],
          "additionalProperties": false
        }
        """);

    public static ChatResponseFormat Pairwise { get; } = Schema("comparison", "Which of two texts is better", """
        {
          "type": "object",
          "properties": {
            "Analysis": { "type": "string" },
            "Winner": { "type": "string", "enum": ["A", "B", "Tie"] }
          },
          "required": ["Analysis", "Winner"],
          "additionalProperties": false
        }
        """);

    public static ChatResponseFormat Rubric { get; } = Schema("rubric", "Criteria for one request", """
        {
          "type": "object",
          "properties": {
            "Criteria": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": { "Name": { "type": "string" }, "Description": { "type": "string" } },
                "required": ["Name", "Description"],
                "additionalProperties": false
              }
            }
          },
          "required": ["Criteria"],
          "additionalProperties": false
        }
        """);

    public static ChatResponseFormat RubricScores { get; } = Schema("rubric_scores", "A score from 1 to 10 for each criterion", """
        {
          "type": "object",
          "properties": {
            "Scores": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "Criterion": { "type": "integer" },
                  "Reason": { "type": "string" },
                  "Score": { "type": "integer", "enum": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }
                },
                "required": ["Criterion", "Reason", "Score"],
                "additionalProperties": false
              }
            }
          },
          "required": ["Scores"],
          "additionalProperties": false
        }
        """);

    private static ChatResponseFormatJson Schema(string name, string description, string text) =>
        ChatResponseFormat.ForJsonSchema(JsonDocument.Parse(text).RootElement.Clone(), name, description);
}
