using Microsoft.OpenApi;

namespace Trellis.Contracts;

/// <summary>
/// What a newer OpenAPI document takes away from clients written for an older one: they could send what is now refused or ignored, or get what
/// they do not know. What only adds (paths, optional fields, responses) breaks nobody.
/// </summary>
public static class BreakingChanges
{
    /// <summary>Compares two documents.</summary>
    /// <param name="older">What clients were written for: OpenAPI 3.0 or 3.1, JSON.</param>
    /// <param name="newer">What they meet now.</param>
    /// <returns>One sentence for each breaking change, beginning with method and path; none if every client goes on working.</returns>
    /// <exception cref="ArgumentException">A document cannot be read.</exception>
    public static IReadOnlyList<string> Between(string older, string newer)
    {
        var (before, after) = (Read(older), Read(newer));
        var changes = new List<string>();
        foreach (var (path, item) in before.Paths)
        {
            var operations = after.Paths.TryGetValue(path, out var kept) ? kept.Operations ?? [] : null;
            if (operations is null)
            {
                changes.Add($"{path} was removed");
                continue;
            }

            foreach (var (method, operation) in item.Operations ?? [])
            {
                if (operations.TryGetValue(method, out var now))
                {
                    changes.AddRange(new OperationChanges(before, after)
                        .Compare(WithParametersOf(item, operation), WithParametersOf(kept!, now))
                        .Select(change => $"{method.Method} {path}: {change}"));
                }
                else
                {
                    changes.Add($"{method.Method} {path} was removed");
                }
            }
        }

        return changes;
    }

    private static OpenApiDocument Read(string text)
    {
        var result = OpenApiDocument.Parse(text, "json");
        return result is { Document: { } document } && result.Diagnostic?.Errors is null or { Count: 0 }
            ? document
            : throw new ArgumentException($"The document is not OpenAPI: {string.Join("; ", result.Diagnostic?.Errors ?? [])}");
    }

    // What a path says of its parameters holds for each of its operations.
    private static OpenApiOperation WithParametersOf(IOpenApiPathItem path, OpenApiOperation operation) =>
        new(operation) { Parameters = [.. operation.Parameters ?? [], .. path.Parameters ?? []] };
}
