using System.Text.Json;
using System.Text.RegularExpressions;

namespace Trellis.Architecture.Tests;

/// <summary>The published model.</summary>
internal sealed partial class Manifest(string json)
{
    private readonly JsonElement _resources = JsonDocument.Parse(json).RootElement.GetProperty("resources");

    /// <summary>The services in it: by folder, the names of their resources.</summary>
    public IEnumerable<(string Folder, string Resource)> Services => _resources.EnumerateObject()
        .Select(resource => (Match: ServicePath().Match(Text(resource.Value, "path")), resource.Name))
        .Where(found => found.Match.Success)
        .Select(found => (found.Match.Groups[1].Value, found.Name));

    /// <summary>What the model does that it must not.</summary>
    public IEnumerable<string> Violations()
    {
        var users = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, service) in Services)
        {
            foreach (var database in DatabasesOf(_resources.GetProperty(service)))
            {
                if (!users.TryAdd(database, service))
                {
                    yield return $"{users[database]} and {service} share the database {database}";
                }

                if (database != $"{service}db")
                {
                    yield return $"{service} has the database {database} in place of {service}db";
                }
            }
        }
    }

    private static string Text(JsonElement resource, string property) => resource.TryGetProperty(property, out var value) ? value.GetString() ?? "" : "";

    // Whether by its connection string or by one of its parts: a service that knows a database has it.
    private IEnumerable<string> DatabasesOf(JsonElement service)
    {
        if (!service.TryGetProperty("env", out var variables))
        {
            return [];
        }

        var values = variables.EnumerateObject().Select(variable => variable.Value.GetString() ?? "").ToList();
        var named = values.SelectMany(value => Reference().Matches(value).Select(match => match.Groups[1].Value))
            .Where(name => _resources.TryGetProperty(name, out var resource) && DatabaseName().IsMatch(Text(resource, "connectionString")))
            .Select(name => DatabaseName().Match(Text(_resources.GetProperty(name), "connectionString")).Groups[1].Value);
        var written = values.Select(value => DatabaseName().Match(value)).Where(match => match.Success).Select(match => match.Groups[1].Value);
        return named.Concat(written).Distinct(StringComparer.Ordinal);
    }

    [GeneratedRegex("^Services/([^/]+)/")]
    private static partial Regex ServicePath();

    [GeneratedRegex(@"\{([^.}]+)\.")]
    private static partial Regex Reference();

    [GeneratedRegex("(?:^|;)Database=([^;]+)", RegexOptions.IgnoreCase)]
    private static partial Regex DatabaseName();
}
