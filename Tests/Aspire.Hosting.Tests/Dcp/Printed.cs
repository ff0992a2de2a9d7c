namespace Aspire.Hosting.Tests.Dcp;

/// <summary>What a process saw of its environment.</summary>
internal static class Printed
{
    // What the AppHost itself writes into the log does not begin like this.
    private const char Mark = '=';

    /// <summary>A process that prints a line for each of some environment variables, <c>-</c> for one that is not set.</summary>
    public static IResourceBuilder<ExecutableResource> AddPrinter(this IDistributedApplicationBuilder builder, string name, params string[] variables)
        => builder.AddExecutable(name, "/bin/sh", ".", "-c", $"{string.Join("; ", variables.Select(v => $"printf '{Mark}%s\\n' \"${{{v}--}}\""))}; exec sleep 60");

    public static async Task<IReadOnlyList<string>> ReadAsync(RunningApplication running, IResourceBuilder<ExecutableResource> printer, int lines)
    {
        var read = await running.ReadLogAsync(printer.Resource, read => read.Count(line => line.Text.StartsWith(Mark)) >= lines);
        return [.. read.Where(line => line.Text.StartsWith(Mark)).Select(line => line.Text[1..])];
    }
}
