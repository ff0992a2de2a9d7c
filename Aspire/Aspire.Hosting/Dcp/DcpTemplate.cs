using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>Text that DCP itself fills in (Go templates), in contrast to values of the AppHost's author, whose braces are escaped.</summary>
internal sealed record DcpTemplate(string Text) : IValueProvider
{
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Text);
}
