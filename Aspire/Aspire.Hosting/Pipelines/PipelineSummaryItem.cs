using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Pipelines;

/// <summary>A line of what is shown when a pipeline has ended.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public sealed class PipelineSummaryItem
{
    /// <summary>Creates the line.</summary>
    public PipelineSummaryItem(string key, string value, bool enableMarkdown)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        (Key, Value, EnableMarkdown) = (key, value, enableMarkdown);
    }

    /// <summary>What the line is about.</summary>
    public string Key { get; }

    /// <summary>What it says.</summary>
    public string Value { get; }

    /// <summary>Whether the value is to be shown as Markdown.</summary>
    public bool EnableMarkdown { get; }
}
