using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>
/// A value of an argument or an environment variable that DCP completes when it starts the process: Go's text/template, for example
/// <c>{{.Name}}</c> for the instance's id. All other values reach the process as they are.
/// </summary>
internal sealed record DcpTemplate(string Text) : IValueProvider
{
    /// <summary>The port that a process is to listen on for a service that it serves. Without trim markers: they would eat spaces around it.</summary>
    public static DcpTemplate PortForServing(string serviceName) => new($"{{{{portForServing \"{serviceName}\"}}}}");

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Text);

    /// <summary>Makes DCP leave text as it is, except for templates of ours that stand in it.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="templates">The templates that may stand in it.</param>
    public static string Escape(string text, IReadOnlyCollection<DcpTemplate> templates)
    {
        if (!text.Contains('{', StringComparison.Ordinal))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        for (var position = 0; position < text.Length;)
        {
            var rest = text.AsSpan(position);
            var template = templates.FirstOrDefault(candidate => text.AsSpan(position).StartsWith(candidate.Text));
            if (template is not null)
            {
                escaped.Append(template.Text);
                position += template.Text.Length;
            }
            else
            {
                // Every brace for itself: then no two of them, ours or the text's, can meet and open an action.
                escaped.Append(rest[0] == '{' ? "{{\"{\"}}" : rest[0].ToString());
                position++;
            }
        }

        return escaped.ToString();
    }
}
