using Microsoft.OpenApi;

namespace Trellis.Contracts;

/// <summary>The breaking changes of one operation.</summary>
internal sealed class OperationChanges(OpenApiDocument before, OpenApiDocument after)
{
    private readonly List<string> _changes = [];

    public List<string> Compare(OpenApiOperation older, OpenApiOperation newer)
    {
        CompareParameters(older.Parameters ?? [], newer.Parameters ?? []);
        CompareBodies(older.RequestBody, newer.RequestBody);
        CompareResponses(older.Responses ?? [], newer.Responses ?? []);
        CompareSecurity(older.Security ?? before.Security ?? [], newer.Security ?? after.Security ?? []);
        return _changes;
    }

    private void CompareParameters(IList<IOpenApiParameter> older, IList<IOpenApiParameter> newer)
    {
        foreach (var parameter in older)
        {
            var now = newer.FirstOrDefault(candidate => candidate.Name == parameter.Name && candidate.In == parameter.In);
            if (now is null)
            {
                _changes.Add($"the parameter {parameter.Name} was removed");
                continue;
            }

            if (now.Required && !parameter.Required)
            {
                _changes.Add($"the parameter {parameter.Name} is now required");
            }

            CompareSent($"the parameter {parameter.Name}", parameter.Schema, now.Schema);
        }

        _changes.AddRange(newer
            .Where(parameter => parameter.Required && !older.Any(known => known.Name == parameter.Name && known.In == parameter.In))
            .Select(parameter => $"the new parameter {parameter.Name} is required"));
    }

    private void CompareBodies(IOpenApiRequestBody? older, IOpenApiRequestBody? newer)
    {
        if (newer is { Required: true } && older is not { Required: true })
        {
            _changes.Add("a body is now required");
        }

        foreach (var (type, content) in older?.Content ?? new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal))
        {
            if (newer?.Content?.TryGetValue(type, out var now) is true)
            {
                CompareSent("the body", content.Schema, now!.Schema);
            }
            else
            {
                _changes.Add($"a body of type {type} is no longer taken");
            }
        }
    }

    private void CompareResponses(OpenApiResponses older, OpenApiResponses newer)
    {
        foreach (var (status, response) in older)
        {
            if (!newer.TryGetValue(status, out var now))
            {
                _changes.Add($"the response {status} was removed");
                continue;
            }

            foreach (var (type, content) in response.Content ?? new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal))
            {
                if (now.Content?.TryGetValue(type, out var given) is true)
                {
                    _changes.AddRange(SchemaChanges.OfAnswer($"the response {status}", content.Schema, given!.Schema));
                }
                else
                {
                    _changes.Add($"the response {status} no longer comes as {type}");
                }
            }

            _changes.AddRange((response.Headers?.Keys ?? [])
                .Where(header => now.Headers?.ContainsKey(header) is not true)
                .Select(header => $"the response {status} no longer has the header {header}"));
        }
    }

    // Each way in (they are alternatives) must still be one: a client that has those credentials needs no others.
    private void CompareSecurity(IList<OpenApiSecurityRequirement> older, IList<OpenApiSecurityRequirement> newer)
    {
        var now = Demands(newer, after);
        _changes.AddRange(Demands(older, before)
            .Where(demand => !now.Exists(candidate => candidate.IsSubsetOf(demand)))
            .Select(demand => demand.Count == 0 ? "credentials are now required" : $"{string.Join(" and ", demand)} no longer suffices"));
    }

    private static List<HashSet<string>> Demands(IList<OpenApiSecurityRequirement> requirements, OpenApiDocument document) => requirements.Count == 0
        ? [[]]
        : [.. requirements.Select(requirement => requirement
            .SelectMany(scheme => scheme.Value.Prepend("").Select(scope => $"{Shown(scheme.Key.Reference.Id, document)} {scope}".Trim()))
            .ToHashSet(StringComparer.Ordinal))];

    // By what it is, not by what the document calls it.
    private static string Shown(string? id, OpenApiDocument document) =>
        id is not null && document.Components?.SecuritySchemes?.TryGetValue(id, out var scheme) is true
            ? $"{scheme.Type} {scheme.Scheme ?? scheme.Name ?? scheme.OpenIdConnectUrl?.ToString()} {scheme.In}".Trim()
            : id ?? "";

    private void CompareSent(string what, IOpenApiSchema? older, IOpenApiSchema? newer) => _changes.AddRange(SchemaChanges.OfRequest(what, older, newer));
}
