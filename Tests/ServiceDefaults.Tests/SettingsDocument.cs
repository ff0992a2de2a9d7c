using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Trellis.ServiceDefaults.Configuration;

namespace Trellis.Tests;

/// <summary>The generated parts of docs/configuration.md, each between the comments <c>settings: name</c> and <c>end</c>.</summary>
internal static partial class SettingsDocument
{
    /// <summary>
    /// Asserts that the part is what the settings types say. With <c>TRELLIS_UPDATE_DOCS=1</c> in the environment it is written instead.
    /// </summary>
    public static void IsCurrent(string part, params IReadOnlyList<SettingsGroup> groups)
    {
        var file = Path.Combine(Root(), "docs/configuration.md");
        var document = File.ReadAllText(file);
        var begin = $"<!-- settings: {part} -->\n";
        var from = document.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        Assert.True(from >= begin.Length, $"docs/configuration.md has no part {part}");
        var to = document.IndexOf("<!-- end -->", from, StringComparison.Ordinal);
        var expected = Render(groups);

        if (Environment.GetEnvironmentVariable("TRELLIS_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(file, document[..from] + expected + document[to..]);
            return;
        }

        Assert.True(
            document[from..to] == expected,
            $"docs/configuration.md is not what the settings are. Run this test with TRELLIS_UPDATE_DOCS=1. Expected:\n{expected}");
    }

    private static string Render(IReadOnlyList<SettingsGroup> groups)
    {
        var text = new StringBuilder("\n| environment variable | default | what it does |\n|---|---|---|\n");
        foreach (var group in groups)
        {
            var comments = Comments(group.Type);
            var defaults = Activator.CreateInstance(group.Type)!;
            foreach (var setting in Setting.Of(group.Section, group.Type))
            {
                var meaning = comments[$"P:{group.Type.FullName}.{setting.Property.Name}"];
                Assert.False(string.IsNullOrWhiteSpace(meaning), $"{setting.Key} has no summary");
                var rules = setting.Property.GetCustomAttributes<ValidationAttribute>().Select(rule => $" It {rule.FormatErrorMessage("")}.");
                var cell = $"{meaning}{string.Concat(rules)}".Replace("|", "\\|", StringComparison.Ordinal);
                text.Append($"| `{setting.Variable}` | {Default(setting.Property.GetValue(defaults))} | {cell} |\n");
            }
        }

        return text.Append('\n').ToString();
    }

    private static string Default(object? value) => value switch
    {
        null or System.Collections.ICollection { Count: 0 } => "",
        _ => $"`{value}`",
    };

    // The compiler writes the comments beside the assembly.
    private static Dictionary<string, string> Comments(Type type) => XDocument
        .Load(Path.Combine(AppContext.BaseDirectory, type.Assembly.GetName().Name + ".xml"))
        .Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(
            member => member.Attribute("name")!.Value,
            member => Spaces().Replace(string.Concat(member.Element("summary")!.Nodes().Select(Text)), " ").Trim(),
            StringComparer.Ordinal);

    private static string Text(XNode node) => node switch
    {
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement element => element.Value,
        _ => ((XText)node).Value,
    };

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Aspire.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
