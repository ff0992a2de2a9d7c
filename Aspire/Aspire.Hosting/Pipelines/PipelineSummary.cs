using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Pipelines;

/// <summary>What is shown when a pipeline has ended, line by line in the order in which it was added.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics#{0}")]
public sealed class PipelineSummary
{
    private readonly Lock _lock = new();
    private readonly List<PipelineSummaryItem> _items = [];

    /// <summary>The lines so far.</summary>
    public ReadOnlyCollection<PipelineSummaryItem> Items
    {
        get
        {
            lock (_lock)
            {
                return new([.. _items]);
            }
        }
    }

    /// <summary>Adds a line; steps that run at the same time may do so.</summary>
    public void Add(string key, string value) => Add(new PipelineSummaryItem(key, value, enableMarkdown: false));

    /// <summary>Adds a line; steps that run at the same time may do so.</summary>
    public void Add(string key, MarkdownString value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Add(new PipelineSummaryItem(key, value.Value, enableMarkdown: true));
    }

    private void Add(PipelineSummaryItem item)
    {
        lock (_lock)
        {
            _items.Add(item);
        }
    }
}
