using System.Text.Json;

namespace Trellis.Messaging;

/// <summary>How bodies are written and read.</summary>
internal static class MessageFormat
{
    public static JsonSerializerOptions Options => JsonSerializerOptions.Web;
}
