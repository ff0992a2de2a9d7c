using System.Text.Json.Nodes;
using CsCheck;

namespace Shop.Catalog.Tests.Inputs;

/// <summary>Makes requests of the operations that an OpenAPI document describes.</summary>
/// <param name="document">The document.</param>
/// <param name="token">What <c>Authorization</c> is for a caller who may do everything.</param>
/// <param name="known">Values that an id in a path may have and that mean something.</param>
internal sealed class Requests(JsonNode document, string token, string[] known)
{
    private static readonly Gen<string?> Nothing = Gen.Const(default(string));

    private readonly JsonTexts _texts = new(document);

    /// <summary>The requests of one operation: about one in three as the document asks.</summary>
    public Gen<GeneratedRequest> Of(string path, string method)
    {
        var operation = document["paths"]![path]![method]!;
        var parameters = operation["parameters"]?.AsArray() ?? [];
        return Gen.Frequency((1, All(fitting: true)), (2, All(fitting: false)));

        Gen<GeneratedRequest> All(bool fitting)
        {
            var body = operation["requestBody"]?["content"]?["application/json"]?["schema"] is { } schema ? Bodies(schema, fitting) : Nothing;
            return Gen.Select(
                Paths(path, fitting),
                Queries(parameters, fitting),
                fitting ? Gen.Const<string?>(token) : Gen.Frequency((8, Gen.Const<string?>(token)), (1, Nothing), (1, Gen.OneOf<string?>("Bearer x", "Bearer a.b.c", "Basic eDp5", "Bearer", ","))),
                fitting ? Nothing : Headers(),
                fitting ? Gen.Const<string?>("application/json") : ContentTypes(),
                body).Select((at, query, credentials, header, type, text) =>
                    new GeneratedRequest(method.ToUpperInvariant(), at, query, credentials, header, type, text));
        }
    }

    private static Gen<string?> Headers() => Gen.Frequency(
        (4, Nothing),
        (4, Gen.Select(
            Gen.OneOf("If-Match", "If-None-Match"),
            Gen.OneOf("*", "\"\"", "\"a\"", "W/\"a\"", "a", "\"", ",,", "\"00000000000000000000000000000000\"", "\"a\", \"b\"", "*, *", new string('"', 2000)))
            .Select((name, value) => (string?)$"{name}: {value}")),
        (2, Gen.OneOf<string?>(
            "Accept: text/html", "Accept: */*;q=x", "Accept-Encoding: br;q=2, zstd", "Accept-Language: x-\"", "Range: bytes=5-1", "Expect: 100-continue", "X-Forwarded-For: not, an address",
            "X-Forwarded-Proto: gopher", "X-Forwarded-Host: a b", "traceparent: 00-zz-zz-99", "baggage: =;=,", "Content-Encoding: gzip", "Idempotency-Key: ", "If-Modified-Since: yesterday",
            "Cookie: a=b; =;", "X-HTTP-Method-Override: TRACE")));

    private static Gen<string?> ContentTypes() => Gen.Frequency(
        (8, Gen.Const<string?>("application/json")),
        (2, Gen.OneOf<string?>(
            "application/json; charset=utf-16", "application/json; charset=nonsense", "application/json; charset=utf-7", "text/json", "application/vnd.a+json", "text/plain", "application/xml",
            "multipart/form-data", "multipart/form-data; boundary=a", "application/x-www-form-urlencoded", "application/octet-stream", "json", "a/b/c", ";", "*/*", "application/json, text/plain", null)));

    private Gen<string?> Bodies(JsonNode schema, bool fitting) => fitting
        ? _texts.Fitting(schema).Select(text => (string?)text)
        : Gen.Frequency(
            (8, _texts.Spoilt(schema).Select(text => (string?)text)),
            (2, _texts.Fitting(schema).Select(text => (string?)text)),
            (1, Gen.OneOf<string?>(null, "", " ", "\0", "<?xml version=\"1.0\"?>", "a=b", "--a\r\n\r\n--a--")));

    private Gen<string> Paths(string path, bool fitting)
    {
        if (!path.Contains('{', StringComparison.Ordinal))
        {
            return Gen.Const(path);
        }

        var fill = path[path.IndexOf('{', StringComparison.Ordinal)..(path.IndexOf('}', StringComparison.Ordinal) + 1)];
        var ids = fitting
            ? Gen.OneOf(known)
            // What Kestrel itself refuses (a NUL in a path) is answered before there is anybody to describe the problem.
            : Gen.Frequency((5, Gen.OneOf(known)), (2, Gen.Guid.Select(id => id.ToString("D"))), (3, JsonTexts.Text.Select(text => Escaped($"~{text.Replace('\0', '0')}"))));
        return ids.Select(id => path.Replace(fill, id, StringComparison.Ordinal));
    }

    // Whatever is longer than Kestrel's 8 KiB for a request line says nothing of the service.
    private static string Escaped(string text) =>
        Uri.EscapeDataString(text) is { Length: <= 1500 } escaped ? escaped : Uri.EscapeDataString(text[..Math.Min(text.Length, 100)]);

    private Gen<string> Queries(JsonArray parameters, bool fitting)
    {
        var query = Gen.Const("?");
        foreach (var parameter in parameters.Where(parameter => (string?)parameter!["in"] == "query"))
        {
            var name = (string)parameter!["name"]!;
            var asked = _texts.Fitting(parameter["schema"]).Select(value => $"{name}={Uri.EscapeDataString(value.Trim('"'))}&");
            var part = fitting
                ? Gen.Frequency((1, asked), (1, Gen.Const("")))
                : Gen.Frequency(
                    (3, asked),
                    (3, Gen.Const("")),
                    (4, JsonTexts.Text.Select(text => $"{name}={Escaped(text)}&")),
                    (2, JsonTexts.Anything.Select(text => $"{name}={Escaped(text)}&")),
                    (1, Gen.Select(asked, asked).Select((one, two) => one + two)),
                    (1, Gen.OneOf($"{name}&", $"{name}=%zz&", $"{name}=%00&", $"{name}=%ff%fe&", $"{name}[]=1&", $"{name.ToUpperInvariant()}=&")));
            query = Gen.Select(query, part).Select((before, added) => before + added);
        }

        return query.Select(text => text.TrimEnd('?', '&'));
    }
}
