using System.Net.Http.Headers;
using System.Text;

namespace Shop.Catalog.Tests.Inputs;

/// <summary>A request of an operation, sane or not.</summary>
internal sealed record GeneratedRequest(string Method, string Path, string Query, string? Token, string? Header, string? ContentType, string? Body)
{
    public HttpRequestMessage ToMessage()
    {
        var request = new HttpRequestMessage(new HttpMethod(Method), Path + Query);
        if (Token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", Token);
        }

        if (Header?.Split(": ", 2) is [var name, var value])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (Body is not null)
        {
            // Lone surrogates become U+FFFD here; as escapes in the JSON they arrive as they are.
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
            request.Content.Headers.Remove("Content-Type");
            if (ContentType is not null && !request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType))
            {
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
            }
        }

        return request;
    }
}
