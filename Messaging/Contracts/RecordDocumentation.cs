using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Trellis.Messaging.Contracts;

/// <summary>What the XML documentation of the service says of its records. The compiler puts it beside the assembly; without it nothing is said.</summary>
internal sealed partial class RecordDocumentation
{
    private readonly Dictionary<string, XElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public string? Of(Type type) => Text(Member($"T:{NameOf(type)}", type)?.Element("summary"));

    /// <summary>Of a property: its own summary, or what the positional record says of the parameter.</summary>
    public string? Of(Type type, string property) =>
        Text(Member($"P:{NameOf(type)}.{property}", type)?.Element("summary"))
        ?? Text(Member($"T:{NameOf(type)}", type)?.Elements("param").FirstOrDefault(parameter => (string?)parameter.Attribute("name") == property));

    private static string? NameOf(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName?.Replace('+', '.');

    private XElement? Member(string name, Type type)
    {
        var file = Path.ChangeExtension(type.Assembly.Location, ".xml");
        if (_read.Add(file) && File.Exists(file))
        {
            foreach (var member in XDocument.Load(file).Descendants("member"))
            {
                _members[(string?)member.Attribute("name") ?? ""] = member;
            }
        }

        return _members.GetValueOrDefault(name);
    }

    private static string? Text(XElement? element)
    {
        if (element is null)
        {
            return null;
        }

        var text = string.Concat(element.DescendantNodes().Select(node => node switch
        {
            XText words => words.Value,
            XElement { IsEmpty: true } reference => (string?)reference.Attribute("name") ?? (string?)reference.Attribute("langword") ?? LastName((string?)reference.Attribute("cref")),
            _ => "",
        }));
        return Spaces().Replace(text, " ").Trim() is { Length: > 0 } said ? said : null;
    }

    private static string? LastName(string? reference) => reference?[(reference.LastIndexOfAny(['.', ':']) + 1)..];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
