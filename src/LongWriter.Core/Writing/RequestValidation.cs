namespace LongWriter.Writing;

/// <summary>Checks a request at the door; every problem in one message.</summary>
internal static class RequestValidation
{
    /// <exception cref="ArgumentException">The request is not usable.</exception>
    public static void ThrowIfUnusable(WritingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(request.Instruction))
        {
            errors.Add($"{nameof(request.Instruction)} must say what to write but is empty.");
        }

        if (!Enum.IsDefined(request.Headings))
        {
            errors.Add($"{nameof(request.Headings)} must be Model, None or FromPlan but is {request.Headings}.");
        }

        if (request.Plan is { Sections.Count: 0 })
        {
            errors.Add($"{nameof(request.Plan)} must have at least one section but has none.");
        }

        for (int i = 0; i < request.Plan?.Sections.Count; i++)
        {
            PlannedSection section = request.Plan.Sections[i];
            if (string.IsNullOrWhiteSpace(section.MainPoint))
            {
                errors.Add($"{nameof(request.Plan)}: section {i + 1} must have a main point but has none.");
            }

            if (section.Words is < 1 or > LengthTarget.MaxValue)
            {
                errors.Add($"{nameof(request.Plan)}: section {i + 1} must have 1 to {LengthTarget.MaxValue} words but has {section.Words}.");
            }
        }

        if (request.Plan?.Sections.Sum(section => (long)section.Words) is > LengthTarget.MaxValue and var total)
        {
            errors.Add($"{nameof(request.Plan)} must have at most {LengthTarget.MaxValue} words in all but has {total}.");
        }

        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(request));
        }
    }
}
